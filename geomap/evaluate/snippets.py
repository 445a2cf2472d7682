"""Third-party corpora of single snippets: the place of a verb's event, classes, PLOVER roots.

- ``location``: ahalterman/event_location, JSON Lines: a verb and the places where its event
  happened (none for many). Spans are counted in tokens.
- ``case``: CASE 2021 task 2, TSV: ACLED sub-types of snippets. Kinds that are no events of ours
  (crime, disasters, who is to blame) are left out.
- ``plv``: PLOVER root classes of sentences, TSV (snowood1/Zero-Shot-PLOVER).

The main event of a snippet is the one found with the highest confidence, the first of those.
"""

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from geomap.errors import InputError
from geomap.evaluate.events import macro_f1, prf
from geomap.model import Document, Event

__all__ = ["SNIPPETS", "Snippet", "main_event", "read_snippets", "score_snippets"]

Kind = Literal["location", "case", "plv"]
SNIPPETS: tuple[Kind, ...] = ("location", "case", "plv")
Offsets = tuple[int, int]

_CASE: Mapping[str, tuple[tuple[str, ...], str]] = {
    "ARMED_CLASH": (("armed_clash", "border_clash"), "Armed clash"),
    "ATTACK": (("attack_on_civilians",), "Attack"),
    "ABDUCT_DISSAP": (("abduction",), "Abduction/forced disappearance"),
    "SEX_VIOL": (("attack_on_civilians",), "Sexual violence"),
    "AIR_STRIKE": (("air_strike",), "Air/drone strike"),
    "ART_MISS_ATTACK": (("shelling",), "Shelling/artillery/missile attack"),
    "SUIC_BOMB": (("explosion",), "Suicide bomb"),
    "REM_EXPLOS": (("explosion",), "Remote explosive/landmine/IED"),
    "GRENADE": (("explosion",), "Grenade"),
    "CHEM_WEAP": (("shelling", "explosion", "attack_on_civilians", "air_strike"),
                  "Chemical weapon"),
    "GOV_REGAINS_TERIT": (("territory_change",), "Government regains territory"),
    "NON_STATE_ACTOR_OVERTAKES_TER": (("territory_change",),
                                      "Non-state actor overtakes territory"),
    "NON_VIOL_TERRIT_TRANSFER": (("territory_change", "withdrawal"),
                                 "Non-violent transfer of territory"),
    "PEACE_PROTEST": (("protest",), "Peaceful protest"),
    "PROTEST_WITH_INTER": (("protest",), "Protest with intervention"),
    "FORCE_AGAINST_PROTEST": (("protest",), "Excessive force against protesters"),
    "VIOL_DEMONSTR": (("protest",), "Violent demonstration"),
    "MOB_VIOL": (("protest", "attack_on_civilians"), "Mob violence"),
    "ARREST": (("arrest",), "Arrests"),
    "AGREEMENT": (("agreement", "ceasefire", "diplomatic_meeting"), "Agreement"),
    "CHANGE_TO_GROUP_ACT": (("border_buildup", "weapons_test"), "Change to group/activity"),
    "DISR_WEAP": (("air_strike", "arrest", "weapons_test"), "Disrupted weapons use"),
    "HQ_ESTABLISHED": (("border_buildup", "weapons_test"),
                       "Headquarters or base established"),
    "PROPERTY_DISTRUCT": (("attack_on_civilians", "protest"), "Looting/property destruction"),
    "DIPLO": (("diplomatic_meeting", "relations_down", "relations_up", "agreement", "statement",
               "visit", "mediation"), ""),
}  # fmt: skip
"""Of each kind of the corpus, our classes and the ACLED sub-type."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A text with its gold: a label, or a verb with its places."""

    id: str
    text: str
    label: str = ""
    verb: Offsets | None = None
    places: tuple[Offsets, ...] = ()


def read_snippets(path: Path, kind: Kind) -> list[Snippet]:
    """Read a corpus.

    Raises
    ------
    InputError
        If it is not in its format.
    """
    readers: Mapping[Kind, Callable[[Path], list[Snippet]]] = {
        "location": _location, "case": _case, "plv": _plv,
    }  # fmt: skip
    try:
        return readers[kind](path)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: not a corpus of the format {kind} ({error})") from error


def _content(path: Path) -> str:
    """Return a file's text; of an archive that of the first file in it."""
    if path.suffix != ".zip":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as archive:
        name = next(n for n in archive.namelist() if not n.startswith("__"))
        return archive.read(name).decode("utf-8")


def _location(path: Path) -> list[Snippet]:
    text = _content(path)
    listed = text.lstrip().startswith("[")
    rows = json.loads(text) if listed else [json.loads(row) for row in text.split("\n") if row]
    found = []
    for number, row in enumerate(rows):
        tokens = row["tokens"]
        spans = [
            (s["label"], tokens[s["token_start"]]["start"], tokens[s["token_end"]]["end"])
            for s in row.get("spans") or ()
            if s["token_end"] < len(tokens)
        ]
        verbs = [(start, end) for label, start, end in spans if label == "VERB"]
        places = tuple((start, end) for label, start, end in spans if label == "LOCATION")
        if verbs:
            source = str(row.get("source") or "")
            found.append(Snippet(f"{number}", row["text"], source, verbs[0], places))
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_content(path)), delimiter="\t"))


def _case(path: Path) -> list[Snippet]:
    rows = [(row["id"], row["EventSnippet"], row["SubType"].strip()) for row in _rows(path)]
    return [Snippet(*row) for row in rows if row[2] in _CASE]


def _plv(path: Path) -> list[Snippet]:
    return [Snippet(row["sentence_id"], row["sentence"], row["gold_root"]) for row in _rows(path)]


def main_event(events: Iterable[Event]) -> Event | None:
    """Return the surest event, the first of those; None without any."""
    return max(events, key=lambda event: event.confidence, default=None)


def score_snippets(
    kind: Kind, snippets: Sequence[Snippet], documents: Sequence[Document]
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Return the figures of a corpus, and the errors by kind.

    Parameters
    ----------
    kind
        Which corpus it is.
    snippets
        Its texts with the gold.
    documents
        What was found in each, in the same order.
    """
    if kind == "location":
        return _score_places(snippets, documents)
    return _score_labels(kind, snippets, documents)


def places_of(snippet: Snippet, document: Document) -> list[Offsets]:
    """Return where the events of a snippet's verb happened, as spans."""
    assert snippet.verb is not None
    start, end = snippet.verb
    return sorted({
        (event.place.start, event.place.end)
        for event in document.events
        if event.trigger.start < end and start < event.trigger.end
        and event.place is not None and event.place.start is not None and event.place.end
    })  # fmt: skip


def near_places_of(snippet: Snippet, document: Document) -> list[Offsets]:
    """Return the places of the verb's events, or where it has none, of the event nearest to it."""
    assert snippet.verb is not None
    start, end = snippet.verb
    own = [e for e in document.events if e.trigger.start < end and start < e.trigger.end]
    beside = [e for e in document.events if e.sentence.start <= start < e.sentence.end]
    if not own and beside:
        nearest = min(beside, key=lambda e: abs(e.trigger.start - start)).trigger
        own = [e for e in beside if e.trigger == nearest]
    places = [event.place for event in own]
    return sorted({(p.start, p.end) for p in places
                   if p is not None and p.start is not None and p.end is not None})  # fmt: skip


def _nearest(snippets: Sequence[Snippet], documents: Sequence[Document]) -> dict[str, Any]:
    """Return the figures where a verb that is no event takes the nearest event's place."""
    right = given = none = rightly = 0
    for snippet, document in zip(snippets, documents, strict=True):
        found = near_places_of(snippet, document)
        right += sum(span in snippet.places for span in found)
        given += len(found)
        none += not snippet.places
        rightly += not snippet.places and not found
    wanted = sum(len(snippet.places) for snippet in snippets)
    return {
        **prf(right, given, wanted),
        "rightly no place": round(rightly / none, 4) if none else 0,
    }


def _score_places(
    snippets: Sequence[Snippet], documents: Sequence[Document]
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    right = given = wanted = touching = none = rightly = records = events = 0
    errors: dict[str, list[str]] = {}
    for snippet, document in zip(snippets, documents, strict=True):
        found = places_of(snippet, document)
        hits = [span for span in found if span in snippet.places]
        right, given, wanted = right + len(hits), given + len(found), wanted + len(snippet.places)
        touching += sum(any(a < y and x < b for x, y in snippet.places) for a, b in found)
        none += not snippet.places
        rightly += not snippet.places and not found
        records += set(found) == set(snippet.places)
        assert snippet.verb is not None
        at, to = snippet.verb
        events += any(e.trigger.start < to and at < e.trigger.end for e in document.events)
        if set(found) != set(snippet.places):
            shown = [snippet.text[a:b] for a, b in found]
            gold = [snippet.text[a:b] for a, b in snippet.places]
            kind = "no place due" if not gold else "no place given" if not found else "another"
            line = f"{snippet.text[at:to]!r}: {shown}, wanted {gold} in {snippet.text.strip()!r}"
            errors.setdefault(kind, []).append(line)
    total = len(snippets)
    return {
        "snippets": total,
        "verbs read as events": round(events / total, 4),
        "fields": {"place span": prf(right, given, wanted),
                   "place overlapping": prf(touching, given, wanted)},
        "rightly no place": round(rightly / none, 4) if none else None,
        "all right": round(records / total, 4),
        "with the nearest event": _nearest(snippets, documents),
    }, errors  # fmt: skip


def _score_labels(
    kind: Kind, snippets: Sequence[Snippet], documents: Sequence[Document]
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    pairs: list[tuple[str, str]] = []
    subtypes = anywhere = first = 0
    errors: dict[str, list[str]] = {}
    for snippet, document in zip(snippets, documents, strict=True):
        label = snippet.label
        read = _root if kind == "plv" else _case_label
        event = main_event(document.events)
        answer = read(event, label) if event else "none"
        pairs.append((label, answer))
        anywhere += any(read(e, label) == label for e in document.events)
        first += bool(document.events) and read(document.events[0], label) == label
        if kind == "case" and event is not None:
            wanted = _CASE[label][1]
            subtypes += _subtype(event) == wanted if wanted else answer == label
        if answer != label:
            words = f"{event.trigger.text!r}" if event else ""
            line = f"{answer} {words} in {snippet.text.strip()!r}"
            errors.setdefault(label, []).append(line)
    total = len(snippets)
    by_label = Counter(label for label, _ in pairs)
    figures: dict[str, Any] = {
        "snippets": total,
        "with an event": round(sum(bool(d.events) for d in documents) / total, 4),
        "accuracy of the main event": round(sum(a == b for a, b in pairs) / total, 4),
        "accuracy of the first event": round(first / total, 4),
        "some event right": round(anywhere / total, 4),
    }
    if kind == "case":
        figures["accuracy of ACLED sub-types"] = round(subtypes / total, 4)
    else:
        figures["macro F1"] = macro_f1(pairs)
    right = Counter(a for a, b in pairs if a == b)
    figures["by label"] = {
        label: f"{right[label]} of {count}" for label, count in by_label.most_common()
    }
    return figures, errors


def _root(event: Event, label: str) -> str:
    """Return an event's PLOVER root; CONCEDE and RETREAT are the YIELD of older lists."""
    root = (event.plover or "none").split("-")[0]
    return "YIELD" if label == "YIELD" and root in {"CONCEDE", "RETREAT"} else _older(root)


def _older(root: str) -> str:
    return "YIELD" if root in {"CONCEDE", "RETREAT"} else root


def _case_label(event: Event, label: str) -> str:
    """Return the label where an event's class or ACLED sub-type is that of it, else the class."""
    right = event.event_class in _CASE[label][0] or _subtype(event) == _CASE[label][1] != ""
    return label if right else event.event_class


def _subtype(event: Event) -> str:
    return (event.acled_like or "").partition(": ")[2]
