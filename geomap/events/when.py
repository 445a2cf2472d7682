"""When: which phrase of time belongs to an event, and what it means.

The phrase must hang on the event's own words or on the clause they stand in. One that hangs on a
verb of saying dates the report ("reported on Saturday"): it stands in for the event's own date
with precision 9. An assumed publication date makes weekdays coarser.
"""

import datetime
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from geomap.events.dates import DatePhrase, Interval, find_dates, precision_of
from geomap.events.lasting import LENGTHS, lasting
from geomap.events.leads import lead_of
from geomap.events.sources import SPEECH, speech_verbs
from geomap.events.syntax import before_noun, head_noun, is_verb, lemma, remembered_by, topic
from geomap.events.triggers import Trigger
from geomap.language import datelines
from geomap.model import Document, Event, EventDate, Status

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

__all__ = ["Calendar", "bound_by_story"]

_WEEK = datetime.timedelta(days=7)
_CIRCUMSTANCES = re.compile(
    r"\b(?:in|under|against|amid|given)\s(?:these|this|such|those)\s"
    r"(?:circumstances|conditions|backdrop|background|context|atmosphere|situation)\b|"
    r"\bagainst (?:this|that) (?:backdrop|background)\b|\bagainst the backdrop of (?:this|these)\b",
    re.IGNORECASE,
)


_ANAPHORA = re.compile(
    r"\b(?:(?P<same>(?:the|that) same (?:day|night|evening|afternoon|morning)|that (?:day|night|"
    r"evening|afternoon)|(?:an hour|hours|minutes) later|at (?:dawn|noon|midday|midnight|dusk|"
    r"daybreak|nightfall|sunset|sunrise|first light)|(?:towards|around|by|shortly before|shortly "
    r"after) (?:dawn|noon|midday|midnight|dusk|daybreak|nightfall|sunset)|"
    r"at (?:about |around )?\d{1,2}(?:[:.]\d\d(?: ?[ap]\.?m\b)?| ?[ap]\.?m\b))|"
    r"the (?:next|following) day|(?P<later>a day (?:later|after))|"
    r"(?P<back>the (?:day before|previous day)|a day earlier|the night before)|"
    r"(?P<count>two|three|four|five|six) days (?P<way>later|earlier)|"
    r"(?P<weeks>a|one|two|three|four|five|six) (?P<unit>week|month|year)s? "
    r"(?P<way2>later|earlier))\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(r"\b(?:by|until|till|before)\s(?:the\s)?$")
_AHEAD = re.compile(r"\bfor\s$")
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


@dataclass(slots=True)
class Calendar:
    """The day a document was published, and the event's day that the story told last."""

    published: datetime.date | None
    assumed: bool
    text: str = ""
    datelines: tuple[tuple[int, int], ...] = ()
    told: EventDate | None = None
    last: EventDate | None = None
    _found: dict[int, list[DatePhrase]] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Document) -> "Calendar":
        """Return the calendar of a document."""
        day = datetime.date.fromisoformat(document.published) if document.published else None
        assumed = document.published_basis == "assumed"
        return cls(day, assumed, document.text, tuple(datelines(document.text)))

    def date(self, trigger: Trigger, status: Status, others: frozenset[int]) -> EventDate | None:
        """Return the date of a trigger's event, or None.

        Parameters
        ----------
        trigger
            The event's trigger.
        status
            Whether it looks ahead.
        others
            The predicates of the sentence's other events: their dates are theirs.
        """
        found = self._counted(trigger) or self._stated(trigger, status, others)
        if found is None or found.precision == 9 or _later_in_it(trigger):
            found = self._anaphoric(trigger, others) or found or self._led(trigger, status)
        if found is not None and found.precision <= 2 and status in _TOLD:
            self.told = found
        if found is not None and found.precision <= 5:
            self.last = found
        return found

    def long_past(self, date: EventDate) -> bool:
        """Return whether a date lies years before the story: a look back, not news."""
        if date.precision == 9:
            return False
        newest = self.published.year - 1 if self.published else 2000
        return int(date.end[:4]) < newest

    def _counted(self, trigger: Trigger) -> EventDate | None:
        """Resolve "on Monday, three years after A closed the border" for the closing.

        Counted from the day of the clause around; to the day in days, else as coarse as the unit.
        """
        sentence = trigger.token.sent
        found = _span_after(trigger, self.text)
        if found is None:
            return None
        clause, count, unit, words = found
        inside = range(clause.left_edge.idx, clause.right_edge.idx + 1)
        around = [p for p in self._phrases(sentence) if p.start not in inside]
        if len(around) != len(self._phrases(sentence)):
            return None  # it has a date of its own
        days = (p.resolve(self.published, False) for p in around)
        anchor = next((day for day in days if day is not None and day.start == day.end), None)
        if anchor is None:
            return None
        start, end = _back(anchor.start, count, unit)
        rule = f"{count} {unit}s before {anchor.start.isoformat()}"
        precision = precision_of(start, end) if unit != "week" else 2
        return EventDate(start.isoformat(), end.isoformat(), precision, words, "clause", rule)

    def _anaphoric(self, trigger: Trigger, others: frozenset[int]) -> EventDate | None:
        """Resolve "the next day" from the event's day that the story told last."""
        sentence = trigger.token.sent
        match = _ANAPHORA.search(self._text(sentence))
        far = match is not None and match["unit"] not in {None, "week"}
        told = self.last if far else self.told
        if match is None or told is None:
            return None
        at = sentence.start_char + match.start()
        head = _outer(sentence, at, sentence.start_char + match.end())
        if head is None or _distance(head, trigger, others) is None:
            return None
        step = _step(match)
        first = datetime.date.fromisoformat(told.start)
        last = datetime.date.fromisoformat(told.end)
        base = first if step < 0 else last
        precision = told.precision
        if far:
            count = _COUNTS.get(match["weeks"].lower(), 1)
            start, end = _back(first, count if step < 0 else -count, match["unit"].lower())
            precision = precision_of(start, end)
        elif match["weeks"]:
            start, end = first + datetime.timedelta(step), last + datetime.timedelta(step)
            precision = max(precision, 2)  # nobody counts the days of a week
        elif match["same"]:
            start, end = first, last
        else:
            start = end = base + datetime.timedelta(days=step)
        rule = f"counted from {base.isoformat()}, the day told just before"
        precision = precision_of(start, end) if match["same"] else precision
        return EventDate(start.isoformat(), end.isoformat(), precision, match.group(), "anaphora",
                         rule)  # fmt: skip

    def _stated(self, trigger: Trigger, status: Status, others: frozenset[int]) -> EventDate | None:
        """Return the date that a phrase of the sentence states."""
        sentence = trigger.token.sent
        phrases = self._phrases(sentence)
        if not phrases:
            return None
        future = status in {
            "planned",
            "proposed",
            "postponed",
            "threatened",
            "conditional",
            "cancelled",
        }
        speech = {verb.i for verb in speech_verbs(trigger)}
        own: list[tuple[int, DatePhrase]] = []
        report: list[DatePhrase] = []
        for phrase in phrases:
            head = self._head(trigger, phrase)
            if head is None:
                continue
            if self._hangs_on_speech(head, speech, trigger):
                report.append(phrase)
                continue
            distance = _distance(head, trigger, others)
            if distance is not None and not _of_the_asking(head, trigger, future):
                own.append((distance, phrase))
        own.sort(key=lambda item: (item[0], item[1].start))
        for _, phrase in own:
            before = self.text[max(0, phrase.start - 12) : phrase.start].lower()
            if _LIMIT.search(before):
                limited = self._until(phrase, before) if future else None
                if limited is not None:
                    return self._made(phrase, limited, "clause")
                continue  # "by Sunday", "until May": it may be any day before
            ahead = future or bool(_AHEAD.search(before))
            interval = phrase.resolve(self.published, ahead)
            if interval is not None:
                return self._made(
                    phrase, lasting(interval, trigger, self._text(sentence)), "clause"
                )
        if report and status in {"reported", "ongoing", "claimed"} and not own:
            interval = report[0].resolve(self.published, False)
            if interval is not None and status == "reported":
                return replace(self._made(report[0], interval, "report"), precision=9)
        return None

    def _led(self, trigger: Trigger, status: Status) -> EventDate | None:
        """Return the day that the paragraph begins with, if the sentence has none.

        An hour stands for the day of publication, of what a main clause tells.
        """
        sentence = trigger.token.sent
        lead = lead_of(self.text, sentence.start_char)
        if lead is None or status in {"planned", "proposed", "threatened", "conditional"}:
            return None
        if isinstance(lead, str):
            told = trigger.predicate.dep_ in {"ROOT", "conj", "parataxis"}
            if self.published is None or self.assumed or not told or self._phrases(sentence):
                return None
            day = self.published.isoformat()
            return EventDate(day, day, 1, lead, "clause", "the hour of a live page")
        others = [p for p in self._phrases(sentence) if p.start != lead.start]
        interval = None if others else lead.resolve(self.published, False)
        return self._made(lead, interval, "clause") if interval is not None else None

    def _until(self, phrase: DatePhrase, before: str) -> Interval | None:
        """Return the days from publication to the end of a term: "will leave by 15 July"."""
        end = phrase.resolve(self.published, True)
        if end is None or self.published is None or "until" in before or "till" in before:
            return None
        if end.end <= self.published:
            return None
        precision = max(2, precision_of(self.published, end.end))
        return replace(end, start=self.published, precision=precision, rule=f"{end.rule}; at most")

    def _text(self, sentence: "Span") -> str:
        return self.text[sentence.start_char : sentence.end_char]

    def _phrases(self, sentence: "Span") -> list[DatePhrase]:
        """Return the phrases of time of a sentence, the dateline's left out."""
        if sentence.start not in self._found:
            found = find_dates(self._text(sentence), sentence.start_char)
            self._found[sentence.start] = [
                p for p in found if not any(start <= p.start < end for start, end in self.datelines)
            ]
        return self._found[sentence.start]

    def _head(self, trigger: Trigger, phrase: DatePhrase) -> "Token | None":
        """Return the token that a phrase of time hangs by."""
        return _outer(trigger.token.sent, phrase.start, phrase.end)

    def _hangs_on_speech(self, head: "Token", speech: set[int], trigger: Trigger) -> bool:
        """Return whether a phrase dates the saying: "said on Thursday"."""
        for token in head.ancestors:
            if token.i in speech or (
                is_verb(token) and lemma(token) in SPEECH and token.i != trigger.token.i
            ):
                return True
            if is_verb(token):
                return False
        return False

    def _made(self, phrase: DatePhrase, interval: Interval, source: str) -> EventDate:
        """Turn an interval into a date; an assumed anchor widens a weekday to a week's doubt."""
        start, end, rule = interval.start, interval.end, interval.rule
        precision = interval.precision
        if interval.relative and self.assumed and source != "report":
            start = start - _WEEK if interval.weekday is not None else start
            precision = max(precision, precision_of(start, end), 2)
            rule += "; the publication date is an estimate, so the week before is possible too"
        return EventDate(start.isoformat(), end.isoformat(), precision, phrase.text, source, rule)


_AFTER = re.compile(
    r"\b(?P<count>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s"
    r"(?P<unit>hour|day|week|month|year)s?\s(?:after|since)\s$",
    re.IGNORECASE,
)
_NUMBERS = LENGTHS | {"a": 1, "an": 1, "one": 1, "eleven": 11, "twelve": 12}


def _span_after(trigger: Trigger, text: str) -> "tuple[Token, int, str, str] | None":
    """Return an event's clause with what it is counted by: "a day after they fired"."""
    clause = trigger.predicate
    for _ in range(3):
        if clause.dep_ == "advcl" or clause.head.i == clause.i:
            break
        clause = clause.head
    mark = next((c for c in clause.children if c.dep_ == "mark"), None)
    if mark is None or clause.dep_ != "advcl":
        return None
    match = _AFTER.search(text[mark.sent.start_char : mark.idx + len(mark.text) + 1])
    if match is None or mark.lower_ not in {"after", "since"}:
        return None
    word = match["count"].lower()
    count = int(word) if word.isdigit() else _NUMBERS[word]
    return clause, count, match["unit"].lower(), match.group().strip()


def _back(day: datetime.date, count: int, unit: str) -> tuple[datetime.date, datetime.date]:
    """Return the first and last day that lie some hours, days, weeks, months or years before."""
    if unit in {"hour", "day", "week"}:
        hours = count * {"hour": 1, "day": 24, "week": 168}[unit]
        start = day - datetime.timedelta(round(hours / 24))
        return start, start
    if unit == "year":
        return datetime.date(day.year - count, 1, 1), datetime.date(day.year - count, 12, 31)
    month = day.year * 12 + day.month - 1 - count
    start = datetime.date(month // 12, month % 12 + 1, 1)
    after = datetime.date((month + 1) // 12, (month + 1) % 12 + 1, 1)
    return start, after - datetime.timedelta(1)


def _later_in_it(trigger: Trigger) -> bool:
    """Return whether "four days later" stands beside a verb: "overran A on 8 January and ..."."""
    verb = trigger.predicate
    return verb.dep_ == "conj" and any(
        c.lower_ in {"later", "earlier", "before"} and c.dep_ == "advmod" for c in verb.children
    )


def _outer(sentence: "Span", start: int, end: int) -> "Token | None":
    """Return the token by which the words between two offsets hang on others."""
    tokens = [t for t in sentence if start <= t.idx < end]
    inside = {t.i for t in tokens}
    for token in tokens:
        if token.head.i not in inside and not token.is_punct:
            return token
    return tokens[0] if tokens else None


def _step(match: re.Match[str]) -> int:
    """Return how many days a phrase goes on from the day told before."""
    if match["same"]:
        return 0
    if match["weeks"]:
        weeks = _COUNTS.get(match["weeks"].lower(), 1)
        return 7 * weeks * (1 if match["way2"].lower() == "later" else -1)
    if match["count"]:
        return _COUNTS[match["count"].lower()] * (1 if match["way"].lower() == "later" else -1)
    return -1 if match["back"] else 1


_TOLD = {"reported", "ongoing", "claimed", "past_reference", "denied"}
_PARTS = {"evening", "night", "morning", "afternoon", "hour", "day", "week", "month", "year", "end",
          "start", "beginning", "middle", "summer", "winter", "spring", "autumn", "half", "part",
          "eve", "rest", "quarter", "course", "dawn", "date", "weekend", "outbreak"}  # fmt: skip
_REASONS = {"over", "following", "against", "since", "for", "about", "despite", "like", "than",
            "to"}  # fmt: skip


def _distance(head: "Token", trigger: Trigger, others: frozenset[int]) -> int | None:
    """Return how far up from a phrase of time the event's words stand; None: another clause."""
    goals = {trigger.token.i, *(word.i for word in trigger.words)}
    if not _remembers(trigger.predicate, trigger):
        goals.add(trigger.predicate.i)
    clause = {t.i for t in trigger.token.ancestors if not is_verb(t)} | goals
    if head.lower_ == "of" and head.head.pos_ == "NOUN" and head.head.i not in goals:
        if lemma(head.head) not in _PARTS and not head.head.ent_type_:
            return None  # "veterans of 1982 marched"
    crossed = 0
    for steps, token in enumerate(head.ancestors, 1):
        if token.i in goals:
            return steps
        if before_noun(token):
            continue
        apart = trigger.token not in token.subtree
        elsewhere = apart and (token.i in others or _done_there(token))
        if elsewhere or topic(token):
            return None
        if is_verb(token):
            if _remembers(token, trigger) and not _year_of(head, trigger):
                return None
            if token.i in clause or _governs(token, trigger):
                return steps + 5
            crossed += 1
            own = any(c.dep_ in {"nsubj", "nsubjpass"} for c in token.children)
            own = own or any(c.dep_ in {"aux", "auxpass"} for c in token.children)
            if token.dep_ == "conj" and own:
                return None
            if crossed > 2 or token.dep_ not in {"relcl", "acl", "xcomp", "advcl", "conj"}:
                return None
    return None


def _done_there(verb: "Token") -> bool:
    """Return whether a clause tells what was done at a place: "drove to A, where he met B"."""
    return verb.dep_ == "relcl" and any(c.lower_ == "where" for c in verb.children)


def _remembers(verb: "Token", trigger: Trigger) -> bool:
    """Return whether a verb's date is that of remembering, or of what another event recalls."""
    if remembered_by(trigger.token) == verb:
        return True
    return any(remembered_by(child) == verb for child in verb.children)


def _year_of(head: "Token", trigger: Trigger) -> bool:
    """Return whether a year behind what is remembered is its own: "recalled the attack in 1996"."""
    year = any(token.shape_ == "dddd" for token in head.subtree)
    return year and head.i > trigger.token.i and head_noun(trigger.token).dep_ == "dobj"


def _of_the_asking(head: "Token", trigger: Trigger, future: bool) -> bool:
    """Return whether a date tells when something was asked or agreed, not when it is to be.

    "Urged them on Sunday to meet", "agreed on Sunday to meet": before the infinitive, at a verb
    that tells what was done.
    """
    if not future or head.i > trigger.predicate.i:
        return False
    holder = next((token for token in head.ancestors if is_verb(token)), None)
    own_mood = any(child.dep_ == "aux" for child in trigger.predicate.children)
    if holder is not None and holder.i < head.i and own_mood and trigger.predicate.dep_ == "conj":
        return holder.i != trigger.predicate.i  # "is expected on Sunday and may go on to B"
    if holder is None or holder.tag_ != "VBD" or holder.i == trigger.predicate.i:
        return False
    return holder in trigger.predicate.ancestors


def _governs(verb: "Token", trigger: Trigger) -> bool:
    """Return whether a verb's clause holds the trigger: "fled on Thursday after an attack"."""
    for token in trigger.token.ancestors:
        if token.i == verb.i:
            return lemma(verb) not in SPEECH
        if token.pos_ in {"ADP", "VERB"} and token.dep_ == "prep" and token.lower_ in _REASONS:
            return False  # "blocked the road on Friday over the killings": on another day
        told = token.dep_ == "pcomp" and any(c.dep_ == "nsubj" for c in token.children)
        if is_verb(token) and (told or token.dep_ in {"ccomp", "relcl", "acl"}):
            return False  # "protested on Monday against what it called an incursion"
    for token in [verb, *verb.ancestors]:
        if token.i == trigger.predicate.i:
            return verb.dep_ in {"relcl", "acl", "xcomp"} and _last_clause(verb, trigger)
    return False


def _last_clause(verb: "Token", trigger: Trigger) -> bool:
    """Return whether a subordinate clause closes the event's: the date is likely the event's."""
    return verb.right_edge.i >= trigger.predicate.right_edge.i - 2


def bound_by_story(document: Document, events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Bound weekdays of an older report by the story's own dated events.

    An article may quote a report whose weekday lies before the article's own: "who fled on
    Thursday ... It was in these circumstances that talks were held", the talks being dated. What
    goes before such words did not happen later than what they introduce.
    """
    cue = _CIRCUMSTANCES.search(document.text)
    if cue is None:
        return events
    after = [e for e in events if e.sentence.start <= cue.start() < e.sentence.end]
    limit: str | None = None
    for event in after:
        dated = [
            other.date.end
            for other in events
            if other.cluster_id == event.cluster_id and other.date and other.date.precision <= 3
        ]
        if dated:
            limit = min(dated)
    if limit is None:
        return events
    return tuple(
        _moved(event, limit) if event.sentence.start < cue.start() else event for event in events
    )


def _moved(event: Event, limit: str) -> Event:
    """Move a weekday back to the latest one that does not lie behind a limit."""
    date = event.date
    if date is None or "weekday" not in date.rule or date.end <= limit or date.source == "report":
        return event
    day = datetime.date.fromisoformat(date.end)
    bound = datetime.date.fromisoformat(limit)
    while day > bound:
        day -= _WEEK
    moved = EventDate(
        day.isoformat(),
        day.isoformat(),
        1,
        date.text,
        "story",
        f"the latest such weekday up to {limit}: the article dates what followed it",
    )
    return replace(event, date=moved)
