"""What the words beside a name say of its place, and one sense a document.

The trained ranker weighs; these few words decide. "Herat province" is no town, "near Batken" no
division, "Tripoli, Lebanon" lies in Lebanon, and so does the next bare Tripoli.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from geomap.toponyms.places import Option
from geomap.toponyms.ranking import Numbers
from geomap.toponyms.spans import Candidate, words_beside

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["best_of", "fitted"]

Choice = list[float]
_DIVISIONS = {"province", "governorate", "oblast", "region", "district", "prefecture", "state",
              "county", "raion", "voblast"}  # fmt: skip
_NO_TOWNS = {"province", "governorate", "oblast", "district", "prefecture", "raion", "voblast"}
_NEAR = {"near", "outside"}
_UNFIT = 0.05
"""What is left of the probability of a place that the words beside a name rule out."""
_KNOWN = 0.005
_IN_PARENT = 2
_TWIN = 0.5
"""How likely a town must be beside its division, at least, to be meant by their name alone."""


def best_of(choice: Choice) -> int:
    """Return the place of the likeliest option; -1 if there is none."""
    return max(range(len(choice)), key=choice.__getitem__, default=-1)


def fitted(
    doc: "Doc",
    found: Sequence[Candidate],
    rows: Sequence[Sequence[Numbers]],
    choices: Sequence[Choice],
) -> list[Choice]:
    """Return the probabilities of the options with what the words beside the names rule out.

    Sets ``called`` of the candidates that it changes.

    Parameters
    ----------
    doc
        The analysis.
    found
        The names.
    rows
        The numbers of their options.
    choices
        The probabilities of their options.
    """
    result = []
    stated: dict[str, str] = {}
    for candidate, own, choice in zip(found, rows, choices, strict=True):
        options = candidate.options[: len(choice)]
        fits, why = _fits(doc, candidate, own, choice)
        parent = why == _PARENT
        if why is None and candidate.key in stated:
            fits = [option.entry.place.id == stated[candidate.key] for option in options]
            why = "as stated before" if any(fits) and not all(fits) else None
        candidate.called = why
        choice = _moved(choice, fits) if why is not None else _twinned(options, choice)
        if parent:
            stated[candidate.key] = options[best_of(choice)].entry.place.id
        result.append(choice)
    return result


def _moved(choice: Choice, fits: Sequence[bool]) -> Choice:
    """Return the probabilities with those of what does not fit moved to what does."""
    fit = sum(p for p, is_fit in zip(choice, fits, strict=True) if is_fit)
    scale = max(choice) / fit if fit > _KNOWN else 1.0
    return [
        min(1.0, p * scale) if is_fit else p * _UNFIT
        for p, is_fit in zip(choice, fits, strict=True)
    ]


_PARENT = "what it lies in is named beside it"


def _fits(
    doc: "Doc", candidate: Candidate, rows: Sequence[Numbers], choice: Sequence[float]
) -> tuple[list[bool], str | None]:
    """Return which options the words beside a name leave, and what those words say, if any do."""
    before, behind, of = words_beside(doc, candidate)
    kinds = [option.entry.kind for option in candidate.options[: len(choice)]]
    called = behind if behind in _DIVISIONS else of if of in _DIVISIONS else ""
    if called and (called in _NO_TOWNS or any(kind != "city" for kind in kinds)):
        fits = [kind != "city" for kind in kinds]
        return fits, None if all(fits) else f"called a {called}"
    inside = [row["parent_behind"] >= _IN_PARENT for row in rows]
    town = any(fit and kind == "city" for fit, kind in zip(inside, kinds, strict=True))
    if town and not all(inside) and not _in_list(doc, candidate):
        return inside, _PARENT
    sure = max(choice, default=0.0)
    towns = (p for p, kind in zip(choice, kinds, strict=True) if kind == "city")
    if before in _NEAR and max(towns, default=0.0) > sure / 4:
        fits = [kind != "division" for kind in kinds]
        return fits, None if all(fits) else f"something is {before} it"
    return [True] * len(choice), None


def _in_list(doc: "Doc", candidate: Candidate) -> bool:
    """Return whether a name stands in a list of likes: "Kansas, Missouri and Iowa"."""
    behind = doc[candidate.last : candidate.last + 6]
    commas = [token.i for token in behind if token.text in {",", "and"}]
    if not commas or commas[0] != candidate.last:
        return False
    return len(commas) > 1 and doc[commas[1]].text == "and"


def _twinned(options: Sequence[Option], choice: Choice) -> Choice:
    """Return the probabilities with a town before the division of its name if nearly as likely."""
    if not choice:
        return choice
    best = best_of(choice)
    entry = options[best].entry
    division = entry.place.country, entry.admin1_code
    if entry.kind != "division":
        return choice
    for at, option in enumerate(options):
        other = option.entry
        inside = (other.place.country, other.admin1_code) == division
        if other.kind == "city" and inside and choice[at] >= _TWIN * choice[best]:
            choice = list(choice)
            choice[at], choice[best] = choice[best], choice[at]
            return choice
    return choice
