"""Candidate spans: every stretch of the text that may be a place name, with what is seen of it.

The union of what the language model marks and what the gazetteer knows; deciding is left to the
trained classifier.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geomap.compounds import part_of_name, whole_names
from geomap.frames import after_title, is_placed, is_target, shown_place, top_of
from geomap.gazetteer import Gazetteer
from geomap.language import dateline_end
from geomap.names import fold
from geomap.recognise import may_be_name, near_a_person
from geomap.toponyms.places import Option, options

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

__all__ = ["Candidate", "beside", "candidates", "features", "siblings", "windows",
           "words_beside"]  # fmt: skip

LABELS = ("GPE", "LOC", "FAC", "NORP", "ORG", "PERSON", "other", "none")
_PLACE_LABELS = {"GPE", "LOC", "FAC", "NORP"}
_INSIDE = {"of", "de", "la", "the", "and", "al", "el", "del", "du", "des", "le", "les", "los",
           "las", "da", "do", "on", "upon", "i", "e", "y", "in", "&", "an", "ul", "ez", "am",
           "-", "–", "’s", "'s", "'", "’", "."}  # fmt: skip
_MOST = 8
_LIST = 100
_HEAD = 80  # tokens that hold a dateline
_PREPOSITIONS = ("in", "at", "from", "to", "near", "of", "into", "across", "outside", "for", "by",
                 "with", "between", "and", "the", "on")  # fmt: skip
_AT_TOWNS = {"airport", "airbase", "port", "base", "crossing"}
_TITLES = {"mr", "mr.", "mrs", "mrs.", "ms", "ms.", "dr", "dr.", "president", "minister", "gov.",
           "general", "gen.", "sen.", "rep.", "judge", "captain", "capt.", "sgt.", "officer",
           "sheriff", "coach", "king", "queen", "prince", "sir", "lord", "professor", "prof.",
           "senator", "mayor", "chief", "director", "chairman", "spokesman", "spokeswoman",
           "detective", "lt.", "col.", "maj.", "rev.", "st."}  # fmt: skip
_AFTER = {
    "division": {"county", "counties", "parish", "province", "state", "district", "region",
                 "governorate", "oblast", "prefecture", "borough", "township"},
    "water": {"river", "lake", "creek", "bay", "sea", "ocean", "gulf", "strait", "canal"},
    "street": {"street", "st.", "st", "road", "rd.", "avenue", "ave.", "ave", "drive", "boulevard",
               "blvd.", "highway", "lane", "way", "parkway", "bridge", "square"},
    "body": {"university", "college", "school", "hospital", "police", "council", "court",
             "department", "church", "airport", "club", "city", "high", "united", "fc", "times",
             "post", "news", "herald", "bank", "company", "inc.", "county's", "museum", "park",
             "center", "centre", "chamber", "commission", "fire", "sheriff", "district",
             "international", "national", "academy", "institute", "hotel", "valley", "island"},
    "person": {"said", "says", "told", "was", "who", "added", "and", "has"},
}  # fmt: skip


@dataclass(slots=True)
class Candidate:
    """A stretch of tokens that may be a place name.

    Attributes
    ----------
    first, last
        Tokens, the last exclusive.
    start, end, text
        The characters.
    key
        The folded name.
    options
        The places it may mean, the most prominent first.
    label, entity
        The model's label and entity over it.
    whole
        Whether it is a name with the noun it is a name of: "the Swat Valley".
    top
        The token that heads the list it stands in: "A, B and C".
    shown
        Why it can be nothing but a place, if the sentence says so.
    called
        Which word beside it rules some of its places out, if one does.
    """

    first: int
    last: int
    start: int
    end: int
    text: str
    key: str
    options: tuple[Option, ...]
    label: str = "none"
    entity: "Span | None" = field(default=None, repr=False)
    whole: bool = False
    top: int = -1
    shown: str | None = None
    called: str | None = None
    probability: float = 0.0


def candidates(doc: "Doc", gazetteer: Gazetteer) -> list[Candidate]:
    """Return the candidate spans of a document, in order."""
    found: dict[tuple[int, int], Candidate] = {}
    entity_at: dict[int, Span] = {t.i: e for e in doc.ents for t in e}
    known: dict[str, tuple[Option, ...]] = {}
    whole = doc.text  # put together anew each time it is asked for

    def add(first: int, last: int, *, always: bool) -> None:
        if (first, last) in found or first >= last:
            return
        if last == first + 1 and not may_be_name(doc[first]):
            return
        text = whole[doc[first].idx : doc[last - 1].idx + len(doc[last - 1])]
        if text not in known:
            known[text] = options(text, gazetteer)
        if not (known[text] or always):
            return
        entity = entity_at.get(first) or entity_at.get(last - 1)
        label = entity.label_ if entity is not None else "none"
        found[first, last] = Candidate(
            first, last, doc[first].idx, doc[first].idx + len(text), text, fold(text), known[text],
            label if label in LABELS else "other", entity,
        )  # fmt: skip

    for entity in doc.ents:
        first, last = _trimmed(entity)
        if doc[last - 1].lower_ in _AT_TOWNS and options(doc[first : last - 1].text, gazetteer):
            continue  # "Kabul Airport": Kabul is found, and something happened near it
        always = entity.label_ in _PLACE_LABELS | {"ORG"} or near_a_person(entity, doc)
        add(first, last, always=always)
    for first, last in _runs(doc, gazetteer):
        add(first, last, always=False)
    for first, last in whole_names(doc, gazetteer):
        add(first, last, always=True)
        inside = [at for at in found if first <= at[0] and at[1] <= last and at != (first, last)]
        for at in inside:  # "the Swat Valley" is no town called Valley
            del found[at]
        found[first, last].whole = True
    return sorted(found.values(), key=lambda c: (c.first, c.last))


def _trimmed(entity: "Span") -> tuple[int, int]:
    """Return an entity's tokens without "the" and "'s"."""
    doc, first, last = entity.doc, entity.start, entity.end
    while first < last and (doc[first].lower_ == "the" or not doc[first].text[0].isalnum()):
        first += 1
    while last > first and (doc[last - 1].text in ("'s", "’s", "'", "’") or doc[last - 1].is_punct):
        last -= 1
    return first, last


def _runs(doc: "Doc", gazetteer: Gazetteer) -> Iterator[tuple[int, int]]:
    """Yield runs of tokens that begin and end like names."""
    texts = [token.text for token in doc]
    name = [t[0].isupper() or (t[0].isalpha() and not t[0].isascii()) for t in texts]
    inside = [n or t.lower() in _INSIDE or t[0].isdigit() for n, t in zip(name, texts, strict=True)]
    for first, is_name in enumerate(name):
        if not is_name:
            continue
        for last in range(first + 1, min(len(texts), first + _MOST) + 1):
            if not inside[last - 1]:
                break
            if name[last - 1] or (texts[last - 1] == "." and last - first > 1):
                yield first, last


def _place_features(candidate: Candidate) -> dict[str, float]:
    """Return what the gazetteer says of a candidate."""
    opts = candidate.options
    best = opts[0] if opts else None
    kinds = {o.entry.kind for o in opts}
    codes = {o.entry.place.feature_code for o in opts}
    return {
        "options": min(len(opts), 50),
        "weight": best.weight if best else -2.0,
        "population": max((o.entry.population for o in opts), default=0) ** 0.25,
        "names": max((o.entry.name_count for o in opts), default=0),
        "primary": any(o.how == "name" and o.primary for o in opts),
        "how_name": any(o.how == "name" for o in opts),
        "how_people": any(o.how == "people" for o in opts),
        "how_short": any(o.how == "short" for o in opts),
        "how_division": any(o.how == "division" for o in opts),
        "country": "country" in kinds,
        "adm1": "ADM1" in codes,
        "adm2": "ADM2" in codes,
        "city": "city" in kinds,
        "region": "region" in kinds,
        "capital": "PPLC" in codes,
        "spelled_so": any(o.entry.place.name == candidate.text for o in opts[:5]),
    }


def _shape_features(candidate: Candidate, doc: "Doc") -> dict[str, float]:
    """Return how a candidate looks, and what the model says of it."""
    text, entity = candidate.text, candidate.entity
    first, last = doc[candidate.first], doc[candidate.last - 1]
    length = candidate.last - candidate.first
    values: dict[str, float] = {
        "tokens": length,
        "length": len(text),
        "capitals": text.isupper(),
        "period": "." in text,
        "hyphen": "-" in text,
        "digit": any(map(str.isdigit, text)),
        "sentence_start": bool(first.is_sent_start),
        "stop": first.is_stop and length == 1,
        "oov": last.is_oov,
        "propn_first": first.pos_ == "PROPN",
        "propn_last": last.pos_ == "PROPN",
        "adj": last.pos_ == "ADJ",
        "noun": last.pos_ == "NOUN",
        "entity_same": entity is not None and _trimmed(entity) == (candidate.first, candidate.last),
        "entity_longer": (entity.end - entity.start) - length if entity else 0,
        "entity_from_start": candidate.first - entity.start if entity else -1,
        "entity_from_end": entity.end - candidate.last if entity else -1,
    }
    for name, words in _AFTER.items():
        values[f"is_{name}"] = last.lower_ in words and length > 1
    for label in LABELS:
        values[f"label_{label}"] = candidate.label == label
    return values


def _word_features(candidate: Candidate, doc: "Doc") -> dict[str, float]:
    """Return what stands beside a candidate, and what it hangs on."""
    before = doc[candidate.first - 1] if candidate.first else None
    before2 = doc[candidate.first - 2] if candidate.first > 1 else None
    after = doc[candidate.last] if candidate.last < len(doc) else None
    after2 = doc[candidate.last + 1] if candidate.last + 1 < len(doc) else None
    root = _root(doc, candidate)
    top = doc[candidate.top]
    span = doc[candidate.first : candidate.last]
    low = before.lower_ if before is not None else ""
    following = after.lower_ if after is not None else ""
    values: dict[str, float] = {
        "before_capital": before is not None and before.text[0].isupper(),
        "after_capital": after is not None and after.text[0].isupper(),
        "after_lower": after is not None and after.text[0].islower(),
        "before_comma": low == ",",
        "after_comma": following == ",",
        "after_possessive": following in ("'s", "’s"),
        "after_hyphen": following in ("-", "–"),
        "after_paren": following in ("(", ")"),
        "before_title": low in _TITLES,
        "before2_comma": before2 is not None and before2.text == ",",
        "after2_capital": after2 is not None and after2.text[0].isupper(),
        "dep": _DEPS.get(root.dep_, 0),
        "head_prep": root.head.lower_ in _PREPOSITIONS,
        "head_pos": _POS.get(root.head.pos_, 0),
        "before_word": _PREPOSITIONS.index(low) + 1 if low in _PREPOSITIONS else 0,
        "top_dep": _DEPS.get(top.dep_, 0),
        "top_prep": top.head.lower_ in _PREPOSITIONS,
        "placed": is_placed(span, top),
        "target": is_target(top),
        "titled": after_title(span),
    }
    for name, words in _AFTER.items():
        values[f"after_{name}"] = following in words
    return values


_DEPS = {
    d: i + 1
    for i, d in enumerate(
        "pobj compound nsubj dobj appos conj amod poss npadvmod ROOT nsubjpass attr nmod".split()
    )
}
_POS = {p: i + 1 for i, p in enumerate("ADP NOUN PROPN VERB AUX ADJ PUNCT NUM".split())}


def _root(doc: "Doc", candidate: Candidate) -> "Token":
    """Return the token of a candidate that hangs on a word outside it."""
    for token in doc[candidate.first : candidate.last]:
        if not candidate.first <= token.head.i < candidate.last:
            return token
    return doc[candidate.last - 1]


def features(doc: "Doc", found: list[Candidate], gazetteer: Gazetteer) -> list[dict[str, float]]:
    """Return numbers for each candidate, by the names that the trained model knows them by."""
    by_text: dict[str, Counter[str]] = {}
    for candidate in found:
        by_text.setdefault(candidate.text, Counter())[candidate.label] += 1
    persons = {t.text for e in doc.ents if e.label_ == "PERSON" and len(e) > 1 for t in e}
    lowered = {t.text for t in doc if t.text.islower()}
    countries: Counter[str] = Counter()
    for candidate in found:
        if candidate.label in ("GPE", "LOC") and candidate.options:
            countries[candidate.options[0].entry.place.country or ""] += 1
    total = sum(countries.values()) or 1
    spans = {(c.first, c.last): c for c in found}
    lists: dict[int, list[Candidate]] = {}
    for candidate in found:
        candidate.top = top_of(_root(doc, candidate)).i
        lists.setdefault(candidate.top, []).append(candidate)
    headed = dateline_end(doc[:_HEAD].text)
    rows = []
    for candidate, nested in zip(found, _nested(found), strict=True):
        labels = by_text[candidate.text]
        count = sum(labels.values())
        values = {
            **_place_features(candidate),
            **_shape_features(candidate, doc),
            **_word_features(candidate, doc),
            "dateline": candidate.end <= headed,
            "same_text": count,
            "same_gpe": (labels["GPE"] + labels["LOC"]) / count,
            "same_person": labels["PERSON"] / count,
            "same_org": labels["ORG"] / count,
            "in_person": candidate.text in persons,
            "lowered": candidate.text.lower() in lowered,
            **nested,
            "at_home": max((countries[o.entry.place.country or ""] for o in candidate.options[:20]),
                           default=0) / total,
            **_neighbour_features(candidate, doc, spans),
            **_list_features(candidate, lists[candidate.top]),
            "whole": candidate.whole,
            "part": part_of_name(
                doc[candidate.first : candidate.last],
                candidate.label if candidate.entity is not None else "",
                candidate.entity,
                gazetteer,
            ),
        }  # fmt: skip
        candidate.shown = _shown(candidate, doc, values)
        rows.append(values)
    return rows


def _nested(found: list[Candidate]) -> Iterator[dict[str, float]]:
    """Yield how many candidates each lies in and holds, and how prominent those are."""
    for candidate, near in zip(found, windows(found), strict=True):
        first, last = candidate.first, candidate.last
        others = [c for c in found[near.start : near.stop] if c is not candidate]
        longer = [c for c in others if c.first <= first and c.last >= last]
        shorter = [c for c in others if c.first >= first and c.last <= last]
        yield {
            "longer_known": max((c.options[0].weight for c in longer if c.options), default=-2),
            "longer": len(longer),
            "shorter_known": max((c.options[0].weight for c in shorter if c.options), default=-2),
            "shorter": len(shorter),
        }


def windows(found: Sequence[Candidate], reach: int = 0) -> Iterator[range]:
    """Yield which candidates may overlap each, or begin less than some tokens from it.

    Parameters
    ----------
    found
        The candidates, in order.
    reach
        How many tokens.
    """
    firsts = [c.first for c in found]
    longest = max((c.last - c.first for c in found), default=0)
    for candidate in found:
        low = bisect_left(firsts, candidate.first - max(longest, reach))
        yield range(low, bisect_left(firsts, max(candidate.last, candidate.first + reach + 1)))


def _shown(candidate: Candidate, doc: "Doc", values: dict[str, float]) -> str | None:
    """Return why a name can be nothing but a place here."""
    if candidate.whole:
        return f"a name with {doc[candidate.last - 1].text!r}"
    place = candidate.label in ("GPE", "LOC") or candidate.label == "PERSON"
    known = values["primary"] or (not candidate.options and place)
    alone = candidate.label == "none" or (
        values["entity_same"] and candidate.label in ("GPE", "LOC", "FAC", "NORP", "PERSON")
    )
    if candidate.label == "ORG" and values["entity_same"] and values["list_places"]:
        alone = True
    behind = doc[candidate.last].lower_ if candidate.last < len(doc) else ""
    if known and behind in _AT_TOWNS and candidate.label in ("GPE", "LOC", "FAC", "ORG"):
        return f"the {behind} of a town"
    named = values["propn_first"] and values["propn_last"]
    if not (known and alone and named):
        return None
    if values["part"] or values["titled"]:
        return None
    return shown_place(doc[candidate.first : candidate.last], doc[candidate.top])


def _neighbour_features(
    candidate: Candidate, doc: "Doc", spans: dict[tuple[int, int], Candidate]
) -> dict[str, float]:
    """Return whether a name right behind or before is the parent or a part: "Austin, Texas"."""
    parent = part = 0.0
    if candidate.last + 1 < len(doc) and doc[candidate.last].text in (",", "("):
        for size in (3, 2, 1):
            other = spans.get((candidate.last + 1, candidate.last + 1 + size))
            if other is not None:
                parent = max(parent, _holds(other, candidate))
    if candidate.first > 1 and doc[candidate.first - 1].text in (",", "("):
        for size in (3, 2, 1):
            other = spans.get((candidate.first - 1 - size, candidate.first - 1))
            if other is not None:
                part = max(part, _holds(candidate, other))
    return {"parent_behind": parent, "part_before": part}


def siblings(candidate: Candidate, same_top: list[Candidate]) -> list[Candidate]:
    """Return the other names of the list that a name stands in; of a long list those nearby."""
    at = bisect_left(same_top, candidate.first, key=lambda c: c.first)
    near = same_top[max(0, at - _LIST) : at + _LIST]
    return [c for c in near if c.last <= candidate.first or candidate.last <= c.first]


def _list_features(candidate: Candidate, same_top: list[Candidate]) -> dict[str, float]:
    """Return what is seen of the names that stand in one list with a name."""
    others = siblings(candidate, same_top)
    home = {o.entry.place.country for o in candidate.options[:20]}
    near = [c for c in others if c.options and c.options[0].entry.place.country in home]
    return {
        "listed": min(len(others), 5),
        "list_places": sum(c.label in ("GPE", "LOC", "FAC") for c in others),
        "list_persons": sum(c.label == "PERSON" for c in others),
        "list_home": max((c.options[0].weight for c in near), default=-2.0),
    }


def beside(
    doc: "Doc", candidate: Candidate, by_span: dict[tuple[int, int], Candidate]
) -> tuple[Candidate | None, Candidate | None, tuple[str, str]]:
    """Return the names behind and before a comma; the next word and the one before an "of"."""
    behind = before = None
    first, last = candidate.first, candidate.last
    if last + 1 < len(doc) and doc[last].text in (",", "("):
        near = (by_span.get((last + 1, last + 1 + size)) for size in (3, 2, 1))
        behind = next((other for other in near if other and other.options), None)
    if first > 1 and doc[first - 1].text in (",", "("):
        near = (by_span.get((first - 1 - size, first - 1)) for size in (3, 2, 1))
        before = next((other for other in near if other and other.options), None)
    following = doc[last].lower_ if last < len(doc) else ""
    of = doc[first - 2].lower_ if first > 1 and doc[first - 1].lower_ == "of" else ""
    return behind, before, (following, of)


def words_beside(doc: "Doc", candidate: Candidate) -> tuple[str, str, str]:
    """Return the words right before and behind a name, and the one before an "of" before it."""
    first, last = candidate.first, candidate.last
    before = doc[first - 1].lower_ if first else ""
    behind = doc[last].lower_ if last < len(doc) else ""
    the = 1 if before == "the" and first > 1 else 0
    of = first > 1 + the and doc[first - 1 - the].lower_ == "of"
    return before, behind, doc[first - 2 - the].lower_ if of else ""


def _holds(big: Candidate, small: Candidate) -> float:
    """Return whether a place of one name lies in a division or country of the other."""
    countries, divisions = set(), set()
    for option in big.options:
        if option.entry.kind == "country":
            countries.add(option.entry.place.country)
        elif option.entry.place.feature_code == "ADM1":
            divisions.add((option.entry.place.country, option.entry.admin1_code))
    best = 0.0
    for option in small.options:
        place = option.entry.place
        if place.feature_code == "PCLI":
            continue
        if (place.country, option.entry.admin1_code) in divisions and place.feature_code != "ADM1":
            return 2.0
        if place.country in countries:
            best = 1.0
    return best
