"""Scores of events against the gold set: each field by itself, and what must never be.

A found event fits a gold one where its trigger overlaps one of the gold's; each fits one at most.
Fields are scored end to end: of what was found (precision) and of what the gold has (recall), an
event that was not found has missed all its fields. Optional mentions count neither way, and what
is drawn at another place than the gold's is a false place.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from geomap.evaluate.goldset import GoldArticle, GoldEvent
from geomap.gazetteer import distance_km
from geomap.model import Document, Event, EventPlace, Place

__all__ = ["Tally", "lines", "score_goldset"]

_NEAR_KM = 25.0
_TOGETHER = {"participant", "visitor", "host", "mediator", "chair"}
_SHOWN = ("trigger", "class", "subclass", "place span", "place within 25 km", "date", "actors",
          "numbers", "attributed to", "claimed by", "other places")  # fmt: skip


@dataclass(slots=True)
class Tally:
    """Counts: ``right``, ``given`` and ``wanted`` of each field, cases of others, errors."""

    right: Counter[str] = field(default_factory=Counter)
    given: Counter[str] = field(default_factory=Counter)
    wanted: Counter[str] = field(default_factory=Counter)
    cases: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: dict[str, list[str]] = field(default_factory=dict)
    clusters: list[tuple[str, str]] = field(default_factory=list)

    def count(self, name: str, right: int, given: int, wanted: int) -> None:
        """Add to a field's counts."""
        self.right[name] += right
        self.given[name] += given
        self.wanted[name] += wanted

    def error(self, kind: str, line: str) -> None:
        """Keep an error for reading."""
        self.errors.setdefault(kind, []).append(line)

    def share(self, part: str, whole: str) -> float | None:
        """Return one count as a share of another."""
        return round(self.cases[part] / self.cases[whole], 4) if self.cases[whole] else None


def score_goldset(
    articles: Sequence[GoldArticle], documents: Sequence[Document]
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Return the figures, and the errors by kind.

    Parameters
    ----------
    articles
        The gold.
    documents
        The articles' documents with the events that were found, in the same order.
    """
    tally = Tally()
    for article, document in zip(articles, documents, strict=True):
        _article(article, document, tally)
    return _figures(tally, len(articles)), tally.errors


def _article(article: GoldArticle, document: Document, tally: Tally) -> None:
    pairs = _matched(article.events, document.events)
    fitting = {found for found in pairs.values() if found is not None}
    for number, gold in enumerate(article.events):
        at = pairs[number]
        event = document.events[at] if at is not None else None
        if gold.optional:
            if event is not None:
                _drawn(gold, event, article, tally)
            continue
        where = f"{article.document.id}: {_words(article, gold.triggers[0])!r}"
        tally.count("trigger", event is not None, 0, 1)
        _fields(gold, event, where, article, tally)
        if event is None:
            tally.error("not found", f"{where} in {_words(article, gold.sentence)!r}")
            continue
        if gold.cluster:
            tally.clusters.append((f"{article.document.id}/{gold.cluster}", event.cluster_id))
        _drawn(gold, event, article, tally)
    optional = {pairs[n] for n, gold in enumerate(article.events) if gold.optional}
    for at, event in enumerate(document.events):
        if at in optional or _may_be(event, article):
            continue
        tally.given["trigger"] += 1
        if at not in fitting:
            _false_event(event, article, tally)


def _may_be(event: Event, article: GoldArticle) -> bool:
    """Return whether a found event lies at an optional mention that another took already."""
    return any(g.optional and any(_overlap(_span(event), t) for t in g.triggers)
               for g in article.events)  # fmt: skip


def _false_event(event: Event, article: GoldArticle, tally: Tally) -> None:
    """Count an event that fits no entry, with all it claims."""
    where = f"{article.document.id}: {event.trigger.text!r} ({event.event_class}, {event.status})"
    tally.error("false event", f"{where} in {event.sentence.text!r}")
    if any(_overlap(_span(event), span) for span in article.nothing):
        tally.cases["events of nothing"] += 1
        tally.error("event of nothing", where)
    tally.given["class"] += 1
    _fields(None, event, where, article, tally)
    if _point(event.place):
        tally.cases["drawn"] += 1
        tally.cases["drawn false"] += 1


def _matched(gold: Sequence[GoldEvent], found: Sequence[Event]) -> dict[int, int | None]:
    """Return which found event fits each gold one; where several may, the likest first."""
    likeness = []
    for g, one in enumerate(gold):
        for f, event in enumerate(found):
            if any(_overlap(_span(event), trigger) for trigger in one.triggers):
                same = event.place is not None and _same_span(one, event.place)
                none = event.place is None and one.place is None
                alike = 4 * (same or none) + 2 * (event.event_class in one.classes)
                likeness.append((-(alike + (event.status in one.statuses)), g, f))
    pairs: dict[int, int | None] = dict.fromkeys(range(len(gold)))
    taken: set[int] = set()
    for _, g, f in sorted(likeness):
        if pairs[g] is None and f not in taken:
            pairs[g] = f
            taken.add(f)
    return pairs


def _fields(
    gold: GoldEvent | None, event: Event | None, where: str, article: GoldArticle, tally: Tally
) -> None:
    """Score the fields of a pair; of an event without the other, all it has is wrong or missed."""
    if gold is not None:
        _kind(gold, event, where, tally)
        _where(gold, event, where, tally)
    else:
        tally.given["place span"] += event is not None and event.place is not None
        tally.given["place within 25 km"] += event is not None and _point(event.place)
    _when(gold, event, where, tally)
    _who(gold, event, where, article, tally)
    wanted = Counter(gold.numbers) if gold else Counter[tuple[str, int, int]]()
    given = Counter((n.kind, n.min, n.max) for n in event.numbers) if event else Counter()
    right = (wanted & given).total()
    tally.count("numbers", right, given.total(), wanted.total())
    if event is not None and gold is not None and wanted != given:
        tally.error("numbers", f"{where}: {sorted(given)}, wanted {sorted(wanted)}")
    named = [a.name for a in event.attributed_to] if event else []
    _name("attributed to", gold.attributed_to if gold else None, named, where, gold, event, tally)
    claimed = [event.claimed_by] if event and event.claimed_by else []
    _name("claimed by", gold.claimed_by if gold else None, claimed, where, gold, event, tally)
    roles = [(p.role, p.text) for p in event.places] if event else []
    stated = gold.places if gold else ()
    hits = sum(any(r == role and _alike(t, name) for r, t in roles) for role, name in stated)
    tally.count("other places", hits, len(roles), len(stated))


def _kind(gold: GoldEvent, event: Event | None, where: str, tally: Tally) -> None:
    """Score class, subclass, status and whether it is a sum."""
    best = gold.classes[0]
    right = event is not None and event.event_class in gold.classes
    tally.count("class", right, event is not None, 1)
    if gold.subclass or (event is not None and event.subclass):
        own = event is not None and event.subclass == gold.subclass and gold.subclass is not None
        has = event is not None and event.subclass is not None
        tally.count("subclass", own, has, gold.subclass is not None)
    if event is None:
        return
    tally.cases["matched"] += 1
    tally.cases["class right"] += right
    if not right:
        tally.error("class", f"{where}: {event.event_class}, wanted {best}")
    accepted = event.status in gold.statuses
    tally.cases["status right"] += accepted
    tally.statuses[event.status if accepted else gold.statuses[0], event.status] += 1
    if not accepted:
        line = f"{where}: {event.status} ({event.status_cue}), wanted {gold.statuses[0]}"
        tally.error("status", f"{line} in {event.sentence.text!r}")
    tally.cases["aggregate right"] += event.aggregate == gold.aggregate


def _where(gold: GoldEvent, event: Event | None, where: str, tally: Tally) -> None:
    """Score the place: its words, its point or country, and whether none was due."""
    place = event.place if event is not None else None
    span = gold.place is not None and place is not None and _same_span(gold, place)
    tally.count("place span", span, place is not None, gold.place is not None)
    near = gold.near is not None and _within(gold, place)
    tally.count("place within 25 km", near, _point(place), gold.near is not None)
    if event is None:
        return
    if gold.place is None:
        tally.cases["no place due"] += 1
        tally.cases["no place given"] += place is None
        if place is not None:
            tally.error("a place where none is due", f"{where}: {place.text} ({place.why})")
        return
    tally.cases["place due"] += 1
    right = span and _fits(gold, place)
    tally.cases["place right"] += right
    tally.cases["precision due"] += span
    tally.cases["precision right"] += (
        span and place is not None and place.precision in (gold.precisions or (None,))
    )
    if not right:
        given = f"{place.text} {place.name} {place.precision}" if place else "none"
        tally.error("place", f"{where}: {given}, wanted {gold.place_text} {gold.precisions} in "
                             f"{event.sentence.text!r}")  # fmt: skip


def _fits(gold: GoldEvent, place: EventPlace | None) -> bool:
    """Return whether a place is the gold's, by its point, else by its country."""
    if place is None:
        return False
    if gold.near is not None:
        return _within(gold, place) or (place.id is not None and not _point(place))
    if gold.country is None:
        return True
    if "-" in gold.country:  # a border or a line of two states
        return place.precision == 5
    return place.country == gold.country or (place.id or "").endswith(gold.country)


def _when(gold: GoldEvent | None, event: Event | None, where: str, tally: Tally) -> None:
    """Score the date; a day that the text does not give is an invented one."""
    date = event.date if event is not None else None
    wanted = gold.date if gold is not None else None
    assumed = date is not None and date.precision == 9 and wanted is None
    given = (date.start, date.end) if date is not None and not assumed else None
    right = wanted is not None and given == wanted
    tally.count("date", right, given is not None, wanted is not None)
    if event is None or gold is None:
        return
    tally.cases["date right"] += given == wanted
    if given == wanted:
        return
    invented = (
        date is not None and date.precision == 1 and (wanted is None or wanted[0] < wanted[1])
    )
    tally.cases["invented days"] += invented
    kind = "invented day" if invented else "date"
    words = f"{date.text!r}, {date.source}, {date.rule}" if date else ""
    tally.error(kind, f"{where}: {given} ({words}), wanted {wanted} in {event.sentence.text!r}")


def _who(
    gold: GoldEvent | None, event: Event | None, where: str, article: GoldArticle, tally: Tally
) -> None:
    """Score actors by role; and of a meeting with a venue, place and participants together."""
    wanted = list(gold.actors) if gold else []
    text = article.document.text
    given = [(a.role, f"{a.name} | {text[a.start or 0 : a.end or 0]}".removesuffix(f" | {a.name}"))
             for a in event.actors] if event else []  # fmt: skip
    missed, extra = list(wanted), list(given)
    for role, name in wanted:
        hit = next((g for g in extra if g[0] == role and _alike(g[1], name)), None)
        if hit is not None:
            missed.remove((role, name))
            extra.remove(hit)
    for role in {role for role, _ in [*wanted, *given]}:
        n_wanted = sum(r == role for r, _ in wanted)
        n_missed = sum(r == role for r, _ in missed)
        n_given = sum(r == role for r, _ in given)
        tally.count(f"actors: {role}", n_wanted - n_missed, n_given, n_wanted)
    tally.count("actors", len(wanted) - len(missed), len(given), len(wanted))
    if gold is None:
        return
    if event is not None and (missed or extra):
        line = f"{where}: missed {missed}, false {extra} in {event.sentence.text!r}"
        tally.error("actors", line)
    if gold.venue:
        tally.cases["venues"] += 1
        place = event.place if event else None
        there = place is not None and _same_span(gold, place) and _fits(gold, place)
        all_there = not [m for m in missed if m[0] in _TOGETHER]
        none_else = not [e for e in extra if e[0] in _TOGETHER]
        tally.cases["venues right"] += there and all_there and none_else


def _name(kind: str, wanted: str | None, given: Sequence[str], where: str,
          gold: GoldEvent | None, event: Event | None, tally: Tally) -> None:  # fmt: skip
    """Score a name that is given or not: whom the report cites, who claims it."""
    right = wanted is not None and any(_alike(name, wanted) for name in given)
    tally.count(kind, right, bool(given), wanted is not None)
    if event is not None and gold is not None and bool(given or wanted) and not right:
        tally.error(kind, f"{where}: {list(given)}, wanted {wanted} in {event.sentence.text!r}")


def _drawn(gold: GoldEvent, event: Event, article: GoldArticle, tally: Tally) -> None:
    """Count an event that is drawn as a point, and whether that is not the gold's place."""
    if not _point(event.place):
        return
    tally.cases["drawn"] += 1
    if not _within(gold, event.place):
        tally.cases["drawn false"] += 1
        tally.cases["drawn elsewhere"] += 1
        place = event.place
        line = f"{article.document.id}: {event.trigger.text!r} at {place.name if place else ''}"
        tally.error("false place", f"{line}, wanted {gold.place_text or 'none'}")


# -- figures -------------------------------------------------------------------------------------


def _figures(tally: Tally, articles: int) -> dict[str, Any]:
    """Return the figures of all articles."""
    roles = sorted(name for name in tally.wanted | tally.given if name.startswith("actors: "))
    return {
        "articles": articles,
        "events": tally.wanted["trigger"],
        "fields": {name: _prf(tally, name) for name in (*_SHOWN, *roles)},
        "status macro F1": _macro(tally.statuses),
        "of found events": {
            "class": tally.share("class right", "matched"),
            "status": tally.share("status right", "matched"),
            "place (words and place)": tally.share("place right", "place due"),
            "precision of the place": tally.share("precision right", "precision due"),
            "rightly no place": tally.share("no place given", "no place due"),
            "date": tally.share("date right", "matched"),
            "sum or single": tally.share("aggregate right", "matched"),
        },
        "invented days": tally.cases["invented days"],
        "venue and participants": tally.share("venues right", "venues"),
        "false places of drawn": tally.share("drawn false", "drawn"),
        "found events drawn elsewhere": tally.share("drawn elsewhere", "drawn"),
        "events of nothing": tally.cases["events of nothing"],
        "clusters B-cubed F1": _bcubed(tally.clusters),
    }


def _prf(tally: Tally, name: str) -> dict[str, float]:
    right, given, wanted = tally.right[name], tally.given[name], tally.wanted[name]
    return prf(right, given, wanted)


def prf(right: int, given: int, wanted: int) -> dict[str, float]:
    """Return precision, recall and F1 of counts, and how many are wanted."""
    precision = right / given if given else 0.0
    recall = right / wanted if wanted else 0.0
    total = precision + recall
    f1 = 2 * precision * recall / total if total else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4),
            "wanted": wanted}  # fmt: skip


def _macro(pairs: Mapping[tuple[str, str], int]) -> float:
    """Return the mean F1 of the labels that the gold has, of pairs (gold, found)."""
    labels = {gold for gold, _ in pairs}
    values = []
    for label in labels:
        right = pairs.get((label, label), 0)
        given = sum(n for (_, found), n in pairs.items() if found == label)
        wanted = sum(n for (gold, _), n in pairs.items() if gold == label)
        values.append(prf(right, given, wanted)["f1"])
    return round(sum(values) / len(values), 4) if values else 0.0


def macro_f1(pairs: Iterable[tuple[str, str]]) -> float:
    """Return the mean F1 of the labels that the gold has."""
    return _macro(Counter(pairs))


def _bcubed(pairs: Sequence[tuple[str, str]]) -> float:
    """Return the B-cubed F1 of clusters, of each mention's gold and found cluster."""
    if not pairs:
        return 0.0
    both, gold, found = Counter(pairs), Counter(g for g, _ in pairs), Counter(f for _, f in pairs)
    precision = sum(n * n / found[f] for (_, f), n in both.items()) / len(pairs)
    recall = sum(n * n / gold[g] for (g, _), n in both.items()) / len(pairs)
    return round(2 * precision * recall / (precision + recall), 4)


def lines(figures: Mapping[str, Any]) -> Iterator[str]:
    """Yield the figures as lines of text."""
    for name, value in figures.items():
        if not isinstance(value, Mapping):
            yield f"{name:34} {value}"
        elif name == "fields":
            yield f"{'':34} precision  recall     F1  wanted"
            for key, row in value.items():
                yield (f"{key:34} {row['precision']:9.3f} {row['recall']:7.3f} {row['f1']:6.3f} "
                       f"{row['wanted']:7}")  # fmt: skip
        else:
            yield f"{name}:"
            yield from (f"  {key:32} {share}" for key, share in value.items())


# -- what is alike -------------------------------------------------------------------------------


def _span(event: Event) -> tuple[int, int]:
    return event.trigger.start, event.trigger.end


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _same_span(gold: GoldEvent, place: EventPlace) -> bool:
    """Return whether a place has the gold's words, at the gold's or another mention of them."""
    if gold.place is None or place.start is None or place.end is None:
        name, wanted = (place.name or "").casefold(), (gold.place_text or "").casefold()
        return gold.place is not None and name == wanted  # a dateline is in capitals
    return (place.start, place.end) == gold.place or place.text == gold.place_text


def _point(place: EventPlace | None) -> bool:
    return place is not None and place.latitude is not None


def _within(gold: GoldEvent, place: EventPlace | None) -> bool:
    if gold.near is None or place is None or place.latitude is None:
        return False
    there = Place("", None, "", place.latitude, place.longitude)
    return distance_km(*gold.near, there) <= _NEAR_KM


def _alike(one: str, other: str) -> bool:
    """Return whether one name is part of the other; the gold may give two, ``"a|b"``."""
    found = _plain(one)
    return any(name in found or found in name for name in map(_plain, other.split("|")))


def _plain(name: str) -> str:
    return name.casefold().removeprefix("the ").strip()


def _words(article: GoldArticle, span: tuple[int, int]) -> str:
    return article.document.text[span[0] : span[1]]
