"""Recognise: which stretches of the text name a place, and in what sense.

The union of two readers. The language model knows the sentence but not the places ("Abu Nasr
Farahi" is a person to it); the gazetteer knows the places but not the sentence ("Karzai" is a
village to it). A name that only the gazetteer knows counts where the sentence treats it as a
place. Spans never overlap; a demonym goes before a metonym before an embedded name.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.bodies import body, outlet
from geomap.compounds import longer_names, part_of_name, stands_alone
from geomap.frames import TAKERS, after_title, is_placed, is_target, top_of
from geomap.gazetteer import Gazetteer
from geomap.language import dateline_end
from geomap.model import ToponymKind
from geomap.names import fold

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

__all__ = ["Found", "may_be_name", "near_a_person", "recognise", "sense_of"]

_LONGEST_LIST = 100
_PLACE_LABELS = {"GPE", "LOC", "FAC"}
# Speaking, asking, deciding: what governments do and towns do not.
_STATE_VERBS = {
    "say", "tell", "ask", "urge", "accuse", "blame", "demand", "deny", "reject", "announce",
    "warn", "plan", "host", "agree", "refuse", "insist", "claim", "argue", "want", "seek", "offer",
    "propose", "invite", "support", "back", "condemn", "call", "recall", "expel", "summon",
    "denounce", "respond", "reply", "vow", "threaten", "pledge", "promise", "hope", "believe",
    "consider", "decide", "recognise", "recognize", "deploy", "send", "order", "withdraw", "sign",
    "negotiate", "mediate", "broker", "request", "suspend", "impose", "prepare", "try", "play",
    "have", "do", "take", "intensify", "avoid", "hold", "begin", "continue", "close", "reopen",
    "approve", "welcome", "persuade", "press", "pressure", "thank", "inform", "notify", "criticise",
    "criticize", "help", "allow", "return", "save", "ready", "affect", "join", "maintain", "make",
    "give", "receive", "lead", "become", "remain", "fear", "know", "expect", "lodge", "protest",
    "confirm", "express", "attend", "meet", "boycott", "cut", "sever", "restore", "open", "launch",
}  # fmt: skip
_OFFICIAL_NOUNS = {
    "official", "officials", "government", "authorities", "authority", "regime", "administration",
    "leadership", "leaders", "envoy", "envoys", "delegation", "negotiators", "diplomats",
    "spokesman", "spokeswoman", "policy", "ministry", "position", "stance",
}  # fmt: skip
_PARTY_NOUNS = {
    "talk", "contact", "relation", "tie", "negotiation", "agreement", "deal", "dispute",
    "dialogue", "pact", "treaty", "accord", "alliance", "tension", "cooperation", "channel",
    "consultation", "trade", "war", "border", "understanding", "support", "pressure", "help",
}  # fmt: skip
_NOT_NAMES = {"islamic", "republic", "north", "south", "east", "west", "central", "united", "new"}
_BODIES = {
    "department", "division", "district", "state", "center", "centre", "hospital", "school",
    "academy", "council", "committee", "office", "club", "association", "authority", "police",
}  # fmt: skip
_WORDS_OF_BODIES = {
    "interior", "federal", "union", "town", "city", "national", "liberal", "northern", "southern",
    "eastern", "western",
}  # fmt: skip
_MONTHS = {
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept",
    "sep", "oct", "nov", "dec",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A place name as tokens, the last exclusive, and why it was taken."""

    first: int
    last: int
    reason: str


def recognise(doc: "Doc", gazetteer: Gazetteer) -> list[Found]:
    """Return the place names of a text, in order.

    Parameters
    ----------
    doc
        The analysis.
    gazetteer
        Decides which names exist.
    """
    known = [
        Found(first, last, reason)
        for first, last, reason in longer_names(doc, gazetteer)
        if not _of_body(doc[first:last], gazetteer)
    ]
    known += _demonyms(doc, gazetteer)
    known += _gazetteer_spans(doc, gazetteer)
    chosen: list[Found] = []
    taken: set[int] = set()
    for found in [*known, *_model_spans(doc, gazetteer)]:
        if not taken.intersection(range(found.first, found.last)):
            taken.update(range(found.first, found.last))
            chosen.append(found)
    return sorted(chosen, key=lambda found: found.first)


def _of_body(name: "Span", gazetteer: Gazetteer) -> bool:
    """Return whether a longer name is a body's: "the Athens Police Department"."""
    if not name[-1].text[:1].isupper() or gazetteer.contains(fold(name.text)):
        return False
    return name[-1].lower_ in _BODIES


def sense_of(text: str, span: "Span", gazetteer: Gazetteer) -> tuple[ToponymKind, str | None]:
    """Return in what sense a place name stands in a text, and why if in another than its own.

    Parameters
    ----------
    text
        The document's text.
    span
        The name.
    gazetteer
        Knows countries and capitals.
    """
    if span.end_char > dateline_end(text):
        sense = _metonym(span, gazetteer)
        if sense:
            return "metonym", sense
        if _embedded(span):
            return "embedded", "inside a longer name"
    return "place", None


def _demonyms(doc: "Doc", gazetteer: Gazetteer) -> list[Found]:
    """Return the adjectives and nouns for a country's people, the longest: "North Korean"."""
    result: list[Found] = []
    taken = 0
    for token in doc:
        if token.i < taken or not token.text[:1].isupper():
            continue
        for last in range(min(len(doc), token.i + 3), token.i, -1):
            span = doc[token.i : last]
            if not span[-1].text[-1].isalpha():
                continue  # "Egyptian-US"
            if not gazetteer.demonym(span.text) or not _means_people(span, gazetteer):
                continue
            result.append(Found(token.i, last, "the word for a country's people"))
            taken = last
            break
    return result


def _means_people(span: "Span", gazetteer: Gazetteer) -> bool:
    """Return whether a demonym is one here, and no person's or place's name."""
    token = span[-1]
    if token.ent_type_ == "PERSON" and token.dep_ not in {"amod", "compound"}:
        return False
    if token.i + 1 < len(span.doc):
        longer = span.doc[span.start : token.i + 2]
        if longer[-1].text[:1].isupper() and gazetteer.contains(fold(longer.text)):
            return False  # "Saudi Arabia"
    return not (token.ent_type_ in {"GPE", "LOC"} and gazetteer.lookup(span.text))


def _gazetteer_spans(doc: "Doc", gazetteer: Gazetteer) -> list[Found]:
    """Return the longest capitalised runs of tokens that the gazetteer knows."""
    result: list[Found] = []
    longest = 2 * gazetteer.longest_words()
    headed = dateline_end(doc.text)
    index = 0
    while index < len(doc):
        found = None
        if _may_begin(doc[index]):
            for last in range(min(len(doc), index + longest), index, -1):
                span = doc[index:last]
                if not _may_end(doc[last - 1], index) or "\n" in span.text:
                    continue
                if gazetteer.contains(fold(span.text)):
                    reason = _accept(span, gazetteer, headed)
                    if reason:
                        found = Found(index, last, reason)
                        break
        if found:
            result.append(found)
            index = found.last
        else:
            index += 1
    return result


def _may_begin(token: "Token") -> bool:
    """Return whether a name can begin with a token."""
    return token.text[:1].isalpha() and (token.text[:1].isupper() or not token.text[:1].isascii())


def _may_end(token: "Token", first: int) -> bool:
    """Return whether a name that began at ``first`` can end with a token."""
    if token.is_punct or token.is_space or token.text in {"'s", "’s", "the"}:
        return False
    return token.text[:1].isupper() or token.i > first or not token.text[:1].isascii()


def _accept(span: "Span", gazetteer: Gazetteer, headed: int) -> str | None:
    """Return why a run of tokens that the gazetteer knows is a place name here, or None."""
    if not span[-1].text[:1].isupper() and span[-1].text[:1].isascii():
        return None
    if any(token.is_sent_start for token in span[1:]):
        return None
    matches = gazetteer.lookup(span.text)
    if not matches:
        return None
    if span.end_char <= headed:
        return None if _beside_dateline(span) else "in the dateline"
    if body(span.text) is not None or outlet(span.text) is not None:
        return None  # "the Taliban" is a group before it is a village
    if span.text.isupper() and len(span) == 1 and len(span.text) <= 4:
        if matches[0].entry.kind != "country":
            return None
    kinds = {match.entry.kind for match in matches}
    label, entity = _entity(span)
    if len(span) == 1 and not may_be_name(span[0]):
        return None
    if part_of_name(span, label, entity, gazetteer):
        return None
    longer_name = entity is not None and (entity.start < span.start or entity.end > span.end)
    if (
        entity is not None
        and label in _PLACE_LABELS | {"NORP"}
        and not (label == "NORP" and longer_name)
    ):
        return "the model and the gazetteer know it"
    if label in {"DATE", "TIME", "PERCENT", "MONEY", "CARDINAL", "ORDINAL", "QUANTITY"}:
        return None
    if after_title(span):
        return None
    curated = kinds & {"country", "crossing", "line", "venue"}
    if curated and (not longer_name or len(span) > 1 or "country" in kinds):
        if label == "PERSON" and longer_name:
            return None
        return f"the gazetteer knows it as a {sorted(curated)[0]}"
    return _accept_uncurated(span, gazetteer, label, entity, longer_name)


def may_be_name(token: "Token") -> bool:
    """Return whether a single word can be a place's name at all."""
    if token.is_stop and token.text != "US":
        return False
    return token.lower_ not in _NOT_NAMES and stands_alone(token)


def _beside_dateline(span: "Span") -> bool:
    """Return whether a word before a dateline's dash is no place: an agency, a month."""
    before = span.doc[: span.start].text
    return span[0].lower_ in _MONTHS or before.count("(") > before.count(")")


def _accept_uncurated(
    span: "Span", gazetteer: Gazetteer, label: str, entity: "Span | None", longer_name: bool
) -> str | None:
    """Return why a city, division or region that the model does not call a place is one."""
    best = max(match.entry.population for match in gazetteer.lookup(span.text))
    kinds = {match.entry.kind for match in gazetteer.lookup(span.text)}
    ends = (span[0], span[-1])
    capital = any(
        match.is_primary and match.entry.place.feature_code == "PPLC"
        for match in gazetteer.lookup(span.text)
    )
    if not all(token.pos_ == "PROPN" or not token.is_alpha for token in ends):
        return None
    if longer_name:
        at_front = entity is not None and span.start - entity.start <= 1
        if span.text.lower() in _WORDS_OF_BODIES:
            return None
        if label == "ORG" and at_front and (best >= 100_000 or "division" in kinds):
            return "inside the name of an organisation"
        return None
    if label == "PERSON" and _is_person(span, span.doc, alone=False):
        return None
    if is_placed(span, top_of(span.root)):
        return "the gazetteer knows it and the sentence places something there"
    if is_target(top_of(span.root)):
        return "the gazetteer knows it and the sentence does something to it"
    if capital and not _is_person(span, span.doc, alone=False):
        return "the gazetteer knows it as a capital"
    if label == "PERSON":
        return None
    if best >= 300_000 or kinds & {"division", "region"}:
        return "the gazetteer knows it as a well-known place"
    return None


def _entity(span: "Span") -> tuple[str, "Span | None"]:
    """Return the label and span of the model's entity over a span ('' and None: none)."""
    # From the words: a list of all entities, made for every name, takes the square of the length.
    doc = span.doc
    first = next((token for token in span if token.ent_type), None)
    if first is None:
        return "", None
    start, end = first.i, first.i + 1
    while doc[start].ent_iob_ == "I":
        start -= 1
    while end < len(doc) and doc[end].ent_iob_ == "I":
        end += 1
    return first.ent_type_, doc[start:end]


def _model_spans(doc: "Doc", gazetteer: Gazetteer) -> list[Found]:
    """Return the places of the model, trimmed of "the" and "'s".

    A name that the gazetteer does not know stays: it is listed without a place.
    """
    result = []
    for entity in doc.ents:
        if entity.label_ not in _PLACE_LABELS and not near_a_person(entity, doc):
            continue
        first, last = entity.start, entity.end
        while first < last and (doc[first].lower_ == "the" or not doc[first].text[0].isalnum()):
            first += 1
        while last > first and (doc[last - 1].text in {"'s", "’s"} or doc[last - 1].is_punct):
            last -= 1
        if first == last or not any(token.text[:1].isupper() for token in doc[first:last]):
            continue
        name = doc[first:last].text
        person = entity.label_ in _PLACE_LABELS and _is_person(doc[first:last], doc)
        if person or body(name) or outlet(name):
            continue
        if last == first + 1 and not may_be_name(doc[first]):
            continue
        if gazetteer.contains(fold(doc[first:last].text)):
            result.append(Found(first, last, "the model and the gazetteer know it"))
        elif is_placed(doc[first:last], top_of(doc[first:last].root)) or (
            entity.label_ == "GPE" and not _named(entity)
        ):
            result.append(Found(first, last, "the model reads it as a place"))
    return result


def _named(entity: "Span") -> bool:
    """Return whether an unknown place is somebody's name: "the negotiator, Milan Jovicic"."""
    root = entity.root
    if root.dep_ == "appos" and root.head.pos_ == "NOUN":
        return root.head.lemma_.lower() not in TAKERS
    beside = [entity.doc[i] for i in (entity.start - 1, entity.end) if 0 <= i < len(entity.doc)]
    return any(t.pos_ == "PROPN" and t.dep_ == root.dep_ and t.head == root.head for t in beside)


def near_a_person(entity: "Span", doc: "Doc") -> bool:
    """Return whether the model calls a place a person: "a pipeline near Cano Limon"."""
    if entity.label_ != "PERSON" or entity.root.dep_ != "pobj":
        return False
    if entity.root.head.lower_ not in {"near", "outside", "around", "inside"}:
        return False
    others = [e for e in doc.ents if e.label_ == "PERSON" and e.start != entity.start]
    return not any(entity[-1].text in other.text for other in others)


def _is_person(span: "Span", doc: "Doc", alone: bool = True) -> bool:
    """Return whether the document uses a name as a person's elsewhere ("Taherian").

    Parameters
    ----------
    span
        The name.
    doc
        The document.
    alone
        Whether the name alone, called a person by the model, counts.
    """
    return any(
        entity.label_ == "PERSON"
        and span.text in entity.text.split()
        and (alone or len(entity.text.split()) > 1)
        for entity in doc.ents
    )


def _metonym(span: "Span", gazetteer: Gazetteer) -> str | None:
    """Return why a country or a capital stands for its government here, or None."""
    matches = gazetteer.lookup(span.text)
    if not matches:
        return None
    entry = matches[0].entry
    is_country = entry.kind == "country"
    if not is_country and entry.place.feature_code != "PPLC":
        return None
    root = span.root
    head = root.head
    if root.dep_ in {"compound", "nmod", "amod"} and head.lower_ in _OFFICIAL_NOUNS:
        return f"its government: {head.text!r} follows"
    if root.dep_ == "poss":
        return None if not is_country else "its government: what follows belongs to it"
    for _ in range(_LONGEST_LIST):
        if root.dep_ != "conj" or head.i == root.i:
            break
        root, head = head, head.head
    if root.dep_ in {"nsubj", "agent"} and (head.lemma_.lower() in _STATE_VERBS or is_country):
        return f"its government: it is who does {head.lemma_!r}"
    if root.dep_ in {"dobj", "dative"} and head.lemma_.lower() in {
        "ask", "tell", "urge", "accuse", "blame", "inform", "warn", "press", "thank", "notify",
        "pressure", "persuade", "call", "criticise", "criticize", "support", "back", "help", "join",
    }:  # fmt: skip
        return f"its government: it is who somebody does {head.lemma_!r}"
    if root.dep_ == "pobj":
        return _metonym_after_preposition(root)
    return None


def _metonym_after_preposition(root: "Token") -> str | None:
    """Return why a name after a preposition stands for a government, or None."""
    preposition = root.head
    governor = preposition.head
    if preposition.lower_ == "on" and governor.lemma_ in {"call", "press", "prevail", "rely"}:
        return f"its government: somebody does {governor.lemma_!r} on it"
    if preposition.lower_ in {"with", "between", "against", "by"}:
        if preposition.lower_ == "by" or governor.lemma_ in _PARTY_NOUNS | _STATE_VERBS:
            return f"its government: a party ({governor.text} {preposition.text} ...)"
    if preposition.lower_ == "of" and governor.lemma_ in {"support", "request", "help", "role"}:
        return f"its government: {governor.text!r} comes from it"
    return None


def _embedded(span: "Span") -> bool:
    """Return whether a span lies inside the name of an organisation or a building."""
    label, entity = _entity(span)
    if entity is None or label not in {"ORG", "FAC", "EVENT", "LAW", "WORK_OF_ART"}:
        return False
    inside = entity.start < span.start or entity.end > span.end
    rest = [t for t in entity if not span.start <= t.i < span.end]
    return inside and any(t.text[:1].isupper() and t.lower_ not in {"the", "'s"} for t in rest)
