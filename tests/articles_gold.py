"""Compare one document of ``documents.jsonl`` with a gold file (format: ``articles/README.md``)."""

import itertools
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["check", "check_form", "load_gold"]

Json = dict[str, Any]
Span = tuple[int, int]

_TOP = {"points", "points_optional", "history_points", "nothing", "not_places"}
_TOP |= {"toponym", "event", "cluster", "forbidden"}
_TOPONYM = {"sentence", "text", "kind", "name", "country", "geonameid", "near"}
_EVENT = {"sentence", "triggers", "class", "subclass", "status", "place", "place_text"}
_EVENT |= {"precision", "date", "date_within", "date_contains", "date_null_ok", "date_not"}
_EVENT |= {"date_precision", "actors", "not_actors", "attributed_to", "claimed_by", "disputed"}
_EVENT |= {"aggregate", "destination", "border_pair", "cluster", "related", "numbers", "optional"}
_CLUSTER = {"label", "place", "date"}
_FORBIDDEN = {"class", "subclass", "status", "place", "precision", "date"}
_NEAR_DEGREES = 0.3


def load_gold(path: Path) -> Json:
    """Read a gold file.

    Raises
    ------
    ValueError
        If a key does not exist, so that a misspelt check cannot pass unseen.
    """
    gold: Json = tomllib.loads(path.read_text(encoding="utf-8"))
    parts = [("the top level", gold, _TOP)]
    for name, keys in (
        ("toponym", _TOPONYM),
        ("event", _EVENT),
        ("cluster", _CLUSTER),
        ("forbidden", _FORBIDDEN),
    ):
        parts += [(f"[[{name}]] {n}", part, keys) for n, part in enumerate(gold.get(name, []), 1)]
    for where, part, keys in parts:
        if unknown := sorted(part.keys() - keys):
            raise ValueError(f"{path.name}, {where}: unknown key {unknown[0]!r}")
    return gold


def check(document: Json, gold: Json) -> list[str]:
    """Return what differs from the gold, in plain words; an empty list if nothing does.

    Parameters
    ----------
    document
        One line of ``documents.jsonl``.
    gold
        What `load_gold` returns.
    """
    state = _State(document, gold)
    failures = list(_check_toponyms(state))
    failures += _check_events(state)
    failures += _check_clusters(state)
    failures += _check_nothing(state)
    failures += _check_points(state)
    failures += _check_forbidden(state)
    return failures


def check_form(document: Json, event_ids: Iterable[str] | None = None) -> list[str]:
    """Return where a document breaks the rules that hold for every document.

    Parameters
    ----------
    document
        One line of ``documents.jsonl``.
    event_ids
        The ids of all events of the run; those of the document itself if not given.
    """
    failures = []
    for label, span in _spans(document):
        found = document["text"][span["start"] : span["end"]]
        if found != span["text"]:
            failures.append(f"{label}: the offsets give {found!r}, not {span['text']!r}")
    toponyms = sorted(document["toponyms"], key=lambda t: int(t["start"]))
    for first, second in itertools.pairwise(toponyms):
        if second["start"] < first["end"]:
            failures.append(f"toponyms overlap: {first['text']!r} and {second['text']!r}")
    ids = [event["event_id"] for event in document["events"]]
    known = set(ids if event_ids is None else event_ids)
    if len(set(ids)) != len(ids):
        failures.append("two events have one event_id")
    for event in document["events"]:
        if event["cluster_id"] not in known:
            failures.append(f"{_say(event)}: its cluster_id is no event's id")
        for relation in event["related"]:
            if relation["event_id"] not in known:
                failures.append(f"{_say(event)}: related to an event that does not exist")
        failures += _check_plotting(event)
    return failures


# ------------------------------------------------------------------------ the parts


@dataclass
class _State:
    """A document, its gold, and what was matched so far."""

    document: Json
    gold: Json
    matched: dict[int, int] = field(default_factory=dict)  # number of gold event -> of event

    @property
    def text(self) -> str:
        return str(self.document["text"])

    @property
    def events(self) -> list[Json]:
        return list(self.document["events"])

    @property
    def wanted(self) -> list[Json]:
        return list(self.gold.get("event", []))

    def find(self, part: str, inside: Span | None = None) -> Span:
        """Return the span of the first occurrence of a phrase, which must be there."""
        start, end = inside or (0, len(self.text))
        at = self.text.find(part, start, end)
        if at < 0:
            raise ValueError(f"gold: {part!r} is not in the text")
        return at, at + len(part)

    def labels(self) -> dict[str, set[str]]:
        """Return the cluster ids that stand for each label of the gold."""
        found: dict[str, set[str]] = {}
        for number, event in self.matched.items():
            if label := self.wanted[number].get("cluster"):
                found.setdefault(label, set()).add(self.events[event]["cluster_id"])
        return found


def _check_toponyms(state: _State) -> Iterator[str]:
    toponyms = state.document["toponyms"]
    for want in state.gold.get("toponym", []):
        span = state.find(want["text"], state.find(want["sentence"]))
        label = f"toponym {want['text']!r} of {want['sentence']!r}"
        same = [t for t in toponyms if (t["start"], t["end"]) == span]
        if not same:
            near = [t["text"] for t in toponyms if _overlap(span, (t["start"], t["end"]))]
            yield f"{label}: not found" + (f", only {near}" if near else "")
            continue
        yield from (f"{label}: {problem}" for problem in _toponym_problems(same[0], want))
    for phrase in state.gold.get("not_places", []):
        span = state.find(phrase)
        for t in toponyms:
            if t["kind"] in ("place", "metonym") and _overlap(span, (t["start"], t["end"])):
                yield f"{t['text']!r} of {phrase!r} is no place, but was marked as {t['kind']}"


def _toponym_problems(found: Json, want: Json) -> Iterator[str]:
    if "kind" in want and found["kind"] not in _list(want["kind"]):
        yield f"kind is {found['kind']}, wanted {want['kind']}"
    place = found["place"]
    if place is None:
        if want.keys() & {"name", "country", "geonameid", "near"}:
            yield "not resolved"
        return
    if "name" in want and _plain(place["name"]) not in map(_plain, _list(want["name"])):
        yield f"name is {place['name']}, wanted {want['name']}"
    for key in ("country", "geonameid"):
        if key in want and place[key] != want[key]:
            yield f"{key} is {place[key]}, wanted {want[key]} ({place['id']})"
    if "near" in want:
        here = (place["latitude"], place["longitude"])
        if None in here or any(
            abs(a - b) > _NEAR_DEGREES for a, b in zip(here, want["near"], strict=True)
        ):
            yield f"stands at {here}, wanted near {want['near']}"


def _check_events(state: _State) -> Iterator[str]:
    table = {
        (number, n): problems
        for number, want in enumerate(state.wanted)
        for n, event in enumerate(state.events)
        if (problems := _compare(state, event, want)) is not None
    }
    _match(state, {pair for pair, problems in table.items() if not problems})
    taken = set(state.matched.values())
    told = set()
    for number, want in enumerate(state.wanted):
        if number in state.matched or want.get("optional"):
            continue
        near = [(p, n) for (k, n), p in table.items() if k == number and n not in taken and p]
        label = f"{want['class'][0]} {want['triggers']} in {want['sentence']!r}"
        if not near:
            yield f"missing: {label}" + _instead(state, want)
            continue
        problems, n = min(near, key=lambda pair: len(pair[0]))
        told.add(n)
        yield f"{label}: {'; '.join(problems)}"
    for n, event in enumerate(state.events):
        if n not in taken | told:
            yield from _check_extra(state, event, [p for (_, k), p in table.items() if k == n])


def _check_extra(state: _State, event: Json, near: list[list[str]]) -> Iterator[str]:
    """Judge an event that no entry of the gold is matched with."""
    if [] in near:  # one more mention of what the gold has
        return
    if near:
        best = min(near, key=len)
        yield f"{_say(event)}: {'; '.join(best)}"
        return
    if event["event_class"] == "statement" and event["place"] is None:
        return
    if event["cluster_id"] in {state.events[n]["cluster_id"] for n in state.matched.values()}:
        return
    yield f"unexpected: {_say(event)}"


def _instead(state: _State, want: Json) -> str:
    spans = _trigger_spans(state, want)
    found = sorted({e["event_class"] for e in state.events if _on(e, spans)} - set(want["class"]))
    return f" (found there: {', '.join(found)})" if found else ""


def _match(state: _State, pairs: set[tuple[int, int]]) -> None:
    """Give each entry of the gold an event of its own; required entries first."""
    owner: dict[int, int] = {}

    def place(number: int, seen: set[int]) -> bool:
        for n in sorted(n for k, n in pairs if k == number and n not in seen):
            seen.add(n)
            if n not in owner or place(owner[n], seen):
                owner[n] = number
                return True
        return False

    order = sorted(range(len(state.wanted)), key=lambda k: bool(state.wanted[k].get("optional")))
    for number in order:
        place(number, set())
    state.matched = {number: n for n, number in owner.items()}


def _compare(state: _State, event: Json, want: Json) -> list[str] | None:
    """Return the differences, or None where the two are not about the same trigger and class."""
    if event["event_class"] not in want["class"] or not _on(event, _trigger_spans(state, want)):
        return None
    problems = list(_place_problems(state, event, want))
    problems += _date_problems(event["date"], want)
    problems += _actor_problems(event, want)
    for key in ("subclass", "status", "aggregate", "border_pair", "disputed"):
        if key in want and _blank(event[key]) not in _list(want[key]):
            problems.append(f"{key} is {event[key]!r}, wanted {want[key]!r}")
    for kind, (least, most) in want.get("numbers", {}).items():
        if not any(
            (n["kind"], n["min"], n["max"]) == (kind, least, most) for n in event["numbers"]
        ):
            problems.append(f"{kind} is not {least} to {most}")
    return problems


def _place_problems(state: _State, event: Json, want: Json) -> Iterator[str]:
    place = event["place"]
    name = _place_name(event)
    if "place" in want and _plain(name) not in map(_plain, _list(want["place"])):
        yield f"place is {name!r}, wanted {want['place']!r}"
    precision = place["precision"] if place else 0
    if (
        "precision" in want
        and precision not in want["precision"]
        and (place or "place" not in want)
    ):
        yield f"precision of the place is {precision}, wanted {want['precision']}"
    if "place_text" in want and (place is None or place["text"] != want["place_text"]):
        yield f"text of the place is {place and place['text']!r}, wanted {want['place_text']!r}"
    for name in want.get("destination", []):
        ids = {
            t["place"]["id"]
            for t in state.document["toponyms"]
            if t["place"] and _has(t["place"]["name"], name)
        }
        ends = [p for p in event["places"] if p["role"] == "destination"]
        if not any(_has(p["text"], name) or p["id"] in ids for p in ends):
            yield f"destination is {[p['text'] for p in ends]}, wanted {name!r}"


def _date_problems(date: Json | None, want: Json) -> Iterator[str]:
    found = [date["start"], date["end"]] if date else []
    said = f"date is {' to '.join(found) or 'null'}"
    if "date" in want and found != want["date"]:
        yield f"{said}, wanted {' to '.join(want['date']) or 'null'}"
    if found and found[0] == found[1] and found[0] in want.get("date_not", []):
        yield f"{said}, which is known to be wrong"
    if not found:
        if want.keys() & {"date_within", "date_contains"} and not want.get("date_null_ok"):
            yield f"{said}, wanted one"
        return
    if "date_within" in want:
        first, last = want["date_within"]
        if not first <= found[0] <= found[1] <= last:
            yield f"{said}, wanted one inside {first} to {last}"
    if "date_contains" in want and not found[0] <= want["date_contains"] <= found[1]:
        yield f"{said}, wanted one that holds {want['date_contains']}"
    if date and "date_precision" in want and date["precision"] not in want["date_precision"]:
        yield f"precision of the date is {date['precision']}, wanted {want['date_precision']}"


def _actor_problems(event: Json, want: Json) -> Iterator[str]:
    said = [f"{a['role']} {a['name']}" for a in event["actors"]]
    for role, names in want.get("actors", {}).items():
        there = [a["name"] for a in event["actors"] if role in ("any", a["role"])]
        for name in names:
            if not any(_has(found, name) for found in there):
                yield f"no {'actor' if role == 'any' else role} {name!r} (actors: {said})"
    for name in want.get("not_actors", []):
        if any(
            re.search(rf"\b{re.escape(name)}\b", a["name"], re.IGNORECASE) for a in event["actors"]
        ):
            yield f"{name!r} must not be an actor (actors: {said})"
    sources = [a["name"] for a in event["attributed_to"]]
    for name in want.get("attributed_to", []):
        if not any(_has(found, name) for found in sources):
            yield f"attributed to {sources}, wanted {name!r}"
    if "claimed_by" in want:
        name, found = want["claimed_by"], event["claimed_by"] or ""
        if not _has(found, name) or (found and not name):
            yield f"claimed by {found!r}, wanted {name!r}"


def _check_clusters(state: _State) -> Iterator[str]:
    labels = state.labels()
    for label, ids in labels.items():
        if len(ids) > 1:
            yield f"cluster {label!r} is split in {len(ids)}"
    names = sorted(labels)
    for n, first in enumerate(names):
        for second in names[n + 1 :]:
            if labels[first] & labels[second]:
                yield f"clusters {first!r} and {second!r} are one"
    links = _links(state.events)
    for number, want in enumerate(state.wanted):
        for wish in want.get("related", []) if number in state.matched else []:
            mine = state.events[state.matched[number]]["cluster_id"]
            others = set().union(*(labels.get(name, set()) for name in wish.split("|")))
            if others and not any(frozenset((mine, other)) in links for other in others):
                yield f"{want['class'][0]} {want['triggers']} is not related to {wish!r}"
    for want in state.gold.get("cluster", []):
        yield from _cluster_problems(state, want, labels.get(want["label"], set()))


def _cluster_problems(state: _State, want: Json, ids: set[str]) -> Iterator[str]:
    mentions = [e for e in state.events if e["cluster_id"] in ids]
    label = f"cluster {want['label']!r}"
    if not mentions:
        yield f"{label}: not found"
        return
    if "place" in want:
        points = {_plain(_place_name(e)) for e in mentions if _is_point(e)}
        if points != {_plain(want["place"])}:
            yield f"{label}: drawn at {sorted(points)}, wanted {want['place']!r} alone"
    if "date" in want:
        dates = [[e["date"]["start"], e["date"]["end"]] for e in mentions if e["date"]]
        if want["date"] not in dates:
            yield f"{label}: no mention has the date {' to '.join(want['date'])}"


def _check_nothing(state: _State) -> Iterator[str]:
    for phrase in state.gold.get("nothing", []):
        span = state.find(phrase)
        for event in state.events:
            if _on(event, [span]):
                yield f"no event happened in {phrase!r}, but there is {_say(event)}"


def _check_points(state: _State) -> Iterator[str]:
    for key, past in (("points", False), ("history_points", True)):
        found = {
            _plain(_place_name(e)): _place_name(e)
            for e in state.events
            if _is_point(e) and (e["status"] == "past_reference") == past
        }
        wanted = {_plain(name): name for name in state.gold.get(key, [])}
        allowed = wanted.keys() | set(map(_plain, state.gold.get("points_optional", [])))
        for name in sorted(found.keys() - allowed):
            yield f"{key}: {found[name]!r} is drawn and should not be"
        for name in sorted(wanted.keys() - found.keys()):
            yield f"{key}: {wanted[name]!r} is not drawn"


def _check_forbidden(state: _State) -> Iterator[str]:
    for wish in state.gold.get("forbidden", []):
        for event in state.events:
            date = event["date"] and [event["date"]["start"], event["date"]["end"]]
            values = {
                "class": event["event_class"],
                "subclass": _blank(event["subclass"]),
                "status": event["status"],
                "place": _plain(_place_name(event)),
                "precision": event["place"]["precision"] if event["place"] else 0,
                "date": date or [],
            }
            want = {k: _plain(v) if k == "place" else v for k, v in wish.items()}
            if all(values[key] == value for key, value in want.items()):
                yield f"{_say(event)}: {wish} must not be"


# ------------------------------------------------------------------------ small things


def _spans(document: Json) -> Iterator[tuple[str, Json]]:
    for toponym in document["toponyms"]:
        yield "toponym", toponym
    for event in document["events"]:
        label = _say(event)
        yield f"{label}, trigger", event["trigger"]
        yield f"{label}, sentence", event["sentence"]
        yield from ((f"{label}, place role", p) for p in event["places"])
        if event["place"] and event["place"]["start"] is not None:
            yield f"{label}, place", event["place"]


def _check_plotting(event: Json) -> Iterator[str]:
    place = event["place"]
    if place is None:
        return
    drawn = place["precision"] in (1, 2)
    if drawn != (place["latitude"] is not None) or drawn != (place["longitude"] is not None):
        yield f"{_say(event)}: precision {place['precision']} with latitude {place['latitude']}"
    if not place["why"]:
        yield f"{_say(event)}: does not say why its place was chosen"


def _links(events: list[Json]) -> set[frozenset[str]]:
    cluster = {event["event_id"]: event["cluster_id"] for event in events}
    return {
        frozenset((event["cluster_id"], cluster.get(r["event_id"], r["event_id"])))
        for event in events
        for r in event["related"]
    }


def _trigger_spans(state: _State, want: Json) -> list[Span]:
    start, end = state.find(want["sentence"])
    inside = state.text[start:end]
    return [
        (start + found.start(), start + found.end())
        for trigger in want["triggers"]
        for found in re.finditer(re.escape(trigger), inside)
    ]


def _on(event: Json, spans: list[Span]) -> bool:
    trigger = (event["trigger"]["start"], event["trigger"]["end"])
    return any(_overlap(trigger, span) for span in spans)


def _overlap(first: Span, second: Span) -> bool:
    return first[0] < second[1] and second[0] < first[1]


def _is_point(event: Json) -> bool:
    return bool(event["place"]) and event["place"]["precision"] in (1, 2)


def _place_name(event: Json) -> str:
    place = event["place"]
    return str(place["name"] or place["text"] or "") if place else ""


def _say(event: Json) -> str:
    name = _place_name(event)
    trigger = event["trigger"]
    at = f" at {name}" if name else ""
    return f"{event['status']} {event['event_class']} {trigger['text']!r}{at} ({trigger['start']})"


def _has(found: str, wish: str) -> bool:
    return any(_plain(name) in _plain(found) for name in wish.split("|"))


def _blank(value: Any) -> Any:
    return "" if value is None else value


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _plain(name: str) -> str:
    """Return a name without case, accents, kinds of dash and apostrophe."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(c for c in letters if not unicodedata.combining(c))
    return re.sub(r"[‘’ʼʻ`']", "", re.sub(r"[‐-―]", "-", kept)).strip()
