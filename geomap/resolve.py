"""Resolve: which place of the gazetteer a name means, or none, with reasons.

Every candidate is scored by what speaks for it: how prominent it is, whether the name is its
main name, what the sentence says right beside it ("Herat province", "Herat, Afghanistan"), and
which countries the rest of the document talks about. Two rounds: the second knows the answers of
the first. One name has one sense in a document unless the text beside it says otherwise.
"""

import math
from collections import Counter
from dataclasses import dataclass, replace

from geomap.gazetteer import Gazetteer, Match
from geomap.model import Alternative, Document, Toponym

__all__ = ["because_given", "resolve"]

GIVEN = "in the country given with --country"

_KIND_PRIOR = {
    "country": 9.0,
    "region": 4.5,
    "division": 2.0,  # a town of the same name is meant more often, unless a cue follows
    "line": 6.0,
    "venue": 4.0,
    "crossing": 3.5,
    "city": 0.0,
}
_DIVISION_CUES = {"province", "state", "region", "governorate", "oblast", "district", "county"}
_BORDER_CUES = ("border", "crossing", "customs", "checkpoint", "frontier", "gate")
_SEPARATION = 2.5  # how many points make a choice e times as likely
_LEAST_SCORE = 0.25


@dataclass(frozen=True, slots=True)
class _Scored:
    match: Match
    points: float
    reasons: tuple[str, ...]
    explicit: bool  # the text right beside the name says which one it is


@dataclass(frozen=True, slots=True)
class _Context:
    """What the document says around one name."""

    before: str
    after: str
    countries: Counter[str]
    divisions: Counter[str]
    parents: frozenset[str]


def resolve(document: Document, gazetteer: Gazetteer, country: str | None = None) -> Document:
    """Return the document with a place for each toponym, or none and the reason.

    Parameters
    ----------
    document
        With the spans of its toponyms.
    gazetteer
        Which places there are.
    country
        A country that counts as if the document named it.
    """
    found = _resolved(document, gazetteer, country)
    if country is not None:
        without = _resolved(document, gazetteer, None)
        found = [
            because_given(toponym, country) if toponym.place != other.place else toponym
            for toponym, other in zip(found, without, strict=True)
        ]
    return replace(document, toponyms=tuple(found))


def because_given(toponym: Toponym, country: str) -> Toponym:
    """Return a toponym with the reason that its country was given, if it lies there."""
    if toponym.place is None or toponym.place.country != country:
        return toponym
    return replace(toponym, reasons=(*toponym.reasons, GIVEN))


def _resolved(document: Document, gazetteer: Gazetteer, country: str | None) -> list[Toponym]:
    """Return the toponyms of a document with their places."""
    text = document.text
    countries = _named_countries(document, gazetteer)
    if country is not None:
        countries[country] += 1
    first = [
        _choose(text, toponym, gazetteer, countries, Counter(), country)[0]
        for toponym in document.toponyms
    ]
    shared: Counter[str] = Counter(countries)
    divisions: Counter[str] = Counter()
    for toponym in first:
        if toponym.place and toponym.place.country and toponym.kind != "demonym":
            shared[toponym.place.country] += 1
            if toponym.place.admin1 and toponym.score >= 0.5:
                divisions[toponym.place.admin1] += 1
    second = [_choose(text, toponym, gazetteer, shared, divisions, country) for toponym in first]
    return _one_sense(second)


def _named_countries(document: Document, gazetteer: Gazetteer) -> Counter[str]:
    """Count the countries that the document names, also by their people."""
    found: Counter[str] = Counter()
    for toponym in document.toponyms:
        if toponym.kind == "demonym":
            found.update(gazetteer.demonym(toponym.text))
            continue
        matches = gazetteer.lookup(toponym.text)
        if matches and matches[0].entry.kind == "country":
            code = matches[0].entry.place.country
            if code:
                found[code] += 1
    return found


def _choose(
    text: str,
    toponym: Toponym,
    gazetteer: Gazetteer,
    countries: Counter[str],
    divisions: Counter[str],
    given: str | None,
) -> tuple[Toponym, bool]:
    """Return a toponym with its place, score, reasons and alternatives.

    And whether the text right beside it says which place is meant. A country that is given counts
    where no country or division stands right behind the name.
    """
    how_found = toponym.reasons[:1]
    if toponym.kind == "demonym":
        return _people(toponym, gazetteer, how_found), True
    matches = gazetteer.lookup(toponym.text)
    if not matches:
        return replace(toponym, reasons=(*how_found, "no such name in the gazetteer")), False
    context = _Context(
        before=text[max(0, toponym.start - 40) : toponym.start].lower(),
        after=text[toponym.end : toponym.end + 40],
        countries=countries,
        divisions=divisions,
        parents=_parents(text[toponym.end : toponym.end + 60], gazetteer),
    )
    told = any(context.parents & {m.entry.place.country, m.entry.place.admin1} for m in matches)
    if given is not None and told:
        context = replace(context, countries=countries - Counter([given]))
    ranked = sorted(
        (_score(match, context) for match in matches),
        key=lambda item: (-item.points, item.match.entry.place.id),
    )
    scores = _shares([item.points for item in ranked])
    alternatives = tuple(
        Alternative(item.match.entry.place.id, item.match.entry.description, round(score, 3))
        for item, score in list(zip(ranked, scores, strict=True))[1:5]
        if score >= 0.005
    )
    best, score = ranked[0], round(scores[0], 3)
    if score < _LEAST_SCORE:
        reason = f"{len(ranked)} places of this name and nothing to tell them apart"
        unknown = replace(
            toponym, place=None, score=score, reasons=(*how_found, reason),
            alternatives=alternatives,
        )  # fmt: skip
        return unknown, False
    chosen = replace(
        toponym,
        place=best.match.entry.place,
        score=score,
        reasons=(*how_found, *best.reasons),
        alternatives=alternatives,
    )
    return chosen, best.explicit


def _people(toponym: Toponym, gazetteer: Gazetteer, how_found: tuple[str, ...]) -> Toponym:
    """Return a demonym with its country."""
    codes = gazetteer.demonym(toponym.text)
    entry = gazetteer.country(codes[0]) if codes else None
    if entry is None:
        return replace(toponym, reasons=(*how_found, "no country of this people in the gazetteer"))
    return replace(
        toponym,
        place=entry.place,
        score=round(1 / len(codes), 3),
        reasons=(*how_found, f"the people of {entry.place.name}"),
    )


def _parents(after: str, gazetteer: Gazetteer) -> frozenset[str]:
    """Return country codes and divisions named right behind a name: "Herat, Afghanistan"."""
    if not after.startswith((", ", " (")):
        return frozenset()
    tail = after[2:].replace(")", ",").split(",")[0].split(" – ")[0].split(". ")[0].strip()
    words = tail.split()
    for size in range(min(4, len(words)), 0, -1):
        name = " ".join(words[:size])
        if not name[:1].isupper():
            break
        found = {
            match.entry.place.country if match.entry.kind == "country" else match.entry.place.name
            for match in gazetteer.lookup(name)
            if match.entry.kind in {"country", "division"}
        }
        if found:
            return frozenset(parent for parent in found if parent)
    return frozenset()


def _score(match: Match, context: _Context) -> _Scored:
    """Add up what speaks for one candidate."""
    entry = match.entry
    place = entry.place
    points = _KIND_PRIOR.get(entry.kind, 0.0)
    reasons: list[str] = []
    if entry.kind in {"city", "division", "crossing"}:
        points += 0.9 * math.log10(entry.population + 1) + 0.5 * math.log1p(entry.name_count)
    if match.is_primary:
        points += 1.5
        reasons.append("its main name")
    else:
        reasons.append(f"known as {match.name}")
    if place.feature_code == "PPLC":
        points += 2.0
        reasons.append(f"capital of {place.country}")
    total = sum(context.countries.values())
    if place.country and total and entry.kind != "country":
        share = context.countries[place.country] / total
        points += 5.0 * math.sqrt(share)
        if share:
            reasons.append(f"the document speaks of its country ({round(100 * share)} %)")
    if place.admin1 and context.divisions[place.admin1]:
        points += min(1.5, 0.5 * context.divisions[place.admin1])
    explicit = bool(context.parents & {place.country, place.admin1})
    if explicit:
        points += 7.0
        reasons.append("its country or division is named right behind")
    cue = _cue_points(match, context, reasons)
    return _Scored(match, points + cue, tuple(reasons), explicit or cue > 5)


def _cue_points(match: Match, context: _Context, reasons: list[str]) -> float:
    """Return points for words beside the name: province, river, border crossing."""
    after = context.after.lower().lstrip()
    word = after.split(" ")[0].strip(".,;:") if after else ""
    behind = context.before.rstrip().removesuffix(" the").rsplit(" ", 2)[-2:]
    if len(behind) == 2 and behind[1] == "of" and behind[0].lstrip("(“") in _DIVISION_CUES:
        word = behind[0].lstrip("(“")
    if word in _DIVISION_CUES:
        if match.entry.kind == "division":
            reasons.append(f"called a {word}")
            return 6.0
        return -3.0
    near = context.before[-25:] + " " + after[:40]
    if match.entry.kind == "crossing" and any(cue in near for cue in _BORDER_CUES):
        reasons.append("words of a border crossing stand beside it")
        return 3.0
    return 0.0


def _shares(points: list[float]) -> list[float]:
    """Turn points into shares of one."""
    top = max(points)
    weights = [math.exp((value - top) / (_SEPARATION / 2)) for value in points]
    total = sum(weights)
    return [weight / total for weight in weights]


def _one_sense(chosen: list[tuple[Toponym, bool]]) -> list[Toponym]:
    """Give one name one sense, unless the text says otherwise.

    A bare name means what the last explicit one before it meant ("Tripoli, Lebanon"), else what
    its surest mention means.
    """
    surest: dict[str, Toponym] = {}
    for toponym, _ in chosen:
        known = surest.get(toponym.text.casefold())
        if toponym.place and (known is None or toponym.score > known.score):
            surest[toponym.text.casefold()] = toponym
    result = []
    for toponym, explicit in chosen:
        name = toponym.text.casefold()
        if explicit and toponym.place:
            surest[name] = toponym
        best = surest.get(name)
        if best is not None and best.place != toponym.place and not explicit:
            toponym = replace(
                toponym,
                place=best.place,
                score=best.score,
                reasons=(*best.reasons, "as elsewhere in the document"),
                alternatives=best.alternatives,
            )
        result.append(toponym)
    return result
