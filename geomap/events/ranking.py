"""Which place an event's words speak of: the numbers of each place that a sentence names.

The trees that weigh them are trained by ``scripts/train_places.py``; they see grammar, order and
kinds of places, no name of one. What they say is laid beside the rules of
:mod:`geomap.events.where`, whose answer is one of the numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.events.candidates import Candidate
from geomap.events.sources import SPEECH
from geomap.events.syntax import is_passive, is_verb, lemma
from geomap.events.triggers import Trigger

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["Numbers", "Subject", "chosen", "rows_of", "subject_of"]

Numbers = dict[str, float]

_DEPS = ("pobj", "dobj", "nsubj", "nsubjpass", "poss", "compound", "appos", "conj", "npadvmod",
         "amod", "nmod", "attr")  # fmt: skip
_PREPOSITIONS = (
    "in", "at", "near", "from", "to", "of", "on", "into", "through", "with", "by", "across",
    "outside", "between", "against", "for", "around", "over", "along", "toward", "inside",
    "after", "about", "since", "during", "off", "within",
)  # fmt: skip
_CLAUSES = ("relcl", "ccomp", "advcl", "acl", "xcomp", "conj", "pcomp", "appos", "prep")
_KINDS = ("place", "metonym", "demonym", "embedded", "border", "capital", "road", "name")
_WORDS = ("kill", "capture", "shoot", "patrol", "detonate", "march", "demonstrate", "launch",
          "target", "protest", "destroy", "murder", "attack", "bomb", "enter", "shell", "wound",
          "strike", "storm", "raid", "arrest", "seize", "flee", "say", "be", "meet", "visit",
          "begin", "continue", "occur", "take", "hold", "deploy", "withdraw", "fall")  # fmt: skip
_FORCES = {"army", "troop", "force", "police", "government", "official", "soldier", "militant",
           "rebel", "minister", "president", "authority", "military", "people", "man", "spokesman",
           "border", "embassy", "ministry", "state", "fighter", "regime", "parliament"}  # fmt: skip
_PARTS = {"city", "town", "village", "province", "district", "region", "area", "part", "outskirt",
          "suburb", "street", "north", "south", "east", "west", "capital", "neighborhood",
          "countryside", "center", "centre", "neighbourhood", "camp", "side", "port", "km",
          "kilometer", "kilometre", "mile", "valley", "mountain", "island", "quarter"}  # fmt: skip
_BEHIND = {"province", "district", "region", "governorate", "state", "county", "area", "village",
           "city", "town", "neighborhood", "valley", "airport", "camp", "border"}  # fmt: skip
_THROUGH = {"pobj", "compound", "appos", "conj", "nmod", "amod", "poss", "npadvmod"}
_FAR = 30.0


@dataclass(frozen=True, slots=True)
class Subject:
    """The words of an event whose place is asked for, and what the table says of them."""

    token: "Token"
    predicate: "Token"
    goals: frozenset[int]
    slots: frozenset[str] = frozenset()
    layer: str = ""


def subject_of(trigger: Trigger) -> Subject:
    """Return a trigger as the subject of the question."""
    goals = frozenset({trigger.token.i, trigger.predicate.i, *(w.i for w in trigger.words)})
    return Subject(trigger.token, trigger.predicate, goals, trigger.group.place_slots,
                   trigger.event_class.layer)  # fmt: skip


def rows_of(
    subject: Subject, candidates: Sequence[Candidate], ties: Sequence[tuple[int, str] | None]
) -> list[Numbers]:
    """Return the numbers of each candidate.

    Parameters
    ----------
    subject
        The event's words.
    candidates
        The places of the sentence.
    ties
        What the rules say of each: how many steps away it is tied, and the words; None for no tie.
    """
    own = _of_subject(subject, candidates)
    far = [_distance(subject, c) for c in candidates]
    near = sorted(far)
    rows = []
    for at, candidate in enumerate(candidates):
        tie = ties[at]
        rows.append(
            own
            | _of_path(subject, candidate)
            | _of_name(candidate)
            | _of_order(subject, candidates, at)
            | {
                "distance": min(far[at], _FAR),
                "rank": near.index(far[at]),
                "tied": float(tie is not None),
                "tie_steps": float(tie[0]) if tie else -1.0,
                "others_tied": float(sum(t is not None for t in ties) - (tie is not None)),
            }
        )
    return rows


def _of_subject(subject: Subject, candidates: Sequence[Candidate]) -> Numbers:
    """Return what is the same for all candidates."""
    verb = subject.predicate
    deps = {child.dep_ for child in verb.children}
    word = lemma(subject.token)
    found = {f"word_{name}": float(word == name) for name in _WORDS}
    return found | {
        "noun": float(not is_verb(subject.token)),
        "passive": float(is_verb(verb) and is_passive(verb)),
        "has_object": float("dobj" in deps),
        "has_subject": float("nsubj" in deps or "nsubjpass" in deps),
        "root": float(verb.dep_ == "ROOT"),
        "inner": float(verb.dep_ in {"relcl", "acl", "advcl", "ccomp", "xcomp", "pcomp"}),
        "infinitive": float(any(c.lower_ == "to" and c.dep_ == "aux" for c in verb.children)),
        "modal": float(any(c.tag_ == "MD" for c in verb.children)),
        "negated": float("neg" in deps),
        "slot_object": float("object" in subject.slots or "struck" in subject.slots),
        "slot_subject": float("subject" in subject.slots),
        "slot_of": float("of" in subject.slots),
        "slot_to": float("to" in subject.slots),
        "known": float(bool(subject.layer)),
        "fighting": float(subject.layer in {"conflict", "border_clashes"}),
        "diplomacy": float(subject.layer == "diplomatic_venues"),
        "candidates": float(len(candidates)),
        "resolved_candidates": float(sum(c.place is not None for c in candidates)),
        "length": float(min(len(subject.token.sent), 60)),
    }


def _distance(subject: Subject, candidate: Candidate) -> int:
    return abs(candidate.head.i - subject.token.i)


def _of_path(subject: Subject, candidate: Candidate) -> Numbers:
    """Return how a name hangs with the event's words in the parse."""
    below = _ancestors(candidate.head)
    goal_line = _ancestors(subject.token)
    on_goal = {t.i: steps for steps, t in enumerate(goal_line)}
    predicate = {t.i: steps for steps, t in enumerate(_ancestors(subject.predicate))}
    up = next((k for k, t in enumerate(below) if t.i in subject.goals or t.i in on_goal
               or t.i in predicate), len(below))  # fmt: skip
    meet = below[up] if up < len(below) else None
    down = min(on_goal.get(meet.i, 9), predicate.get(meet.i, 9)) if meet is not None else 9
    crossed = below[:up]
    inner, outer, governor = _prepositions(candidate.head, subject.goals)
    between = goal_line[:down] if meet is not None else goal_line
    found = {
        "up": float(min(up, 12)),
        "down": float(min(down, 9)),
        "direct": float(meet is not None and meet.i in subject.goals),
        "verbs_up": float(sum(is_verb(t) for t in crossed[1:])),
        "speech_up": float(any(lemma(t) in SPEECH for t in [*crossed, meet] if t is not None)),
        "speech_down": float(any(lemma(t) in SPEECH for t in between[1:])),
        "meet_verb": float(meet is not None and is_verb(meet)),
        "meet_root": float(meet is not None and meet.dep_ == "ROOT"),
        "governor_goal": float(governor is not None and governor.i in subject.goals),
        "governor_verb": float(governor is not None and is_verb(governor)),
        "governor_force": float(governor is not None and lemma(governor) in _FORCES),
        "governor_object": float(governor is not None and governor.dep_ == "dobj"
                                 and governor.head.i in subject.goals),
        "governor_subject": float(governor is not None and governor.dep_ in {"nsubj", "nsubjpass"}
                                  and governor.head.i in subject.goals),
        "of_part": float(inner == "of" and lemma(candidate.head.head.head) in _PARTS),
        "object_of": float(any(t.dep_ == "dobj" and t.head.i in subject.goals for t in crossed)),
        "subject_of": float(any(t.dep_ == "nsubj" and t.head.i in subject.goals for t in crossed)),
        "patient_of": float(any(t.dep_ == "nsubjpass" and t.head.i in subject.goals
                                for t in crossed)),
    }  # fmt: skip
    found |= {f"dep_{dep}": float(candidate.head.dep_ == dep) for dep in _DEPS}
    inner, outer = _word(inner), _word(outer)
    found |= {f"in_{word}": float(inner == word) for word in _PREPOSITIONS}
    found |= {f"out_{word}": float(outer == word) for word in _PREPOSITIONS}
    found |= {f"up_{dep}": float(sum(t.dep_ == dep for t in crossed)) for dep in _CLAUSES}
    found |= {f"down_{dep}": float(sum(t.dep_ == dep for t in between)) for dep in _CLAUSES}
    return found


def _word(preposition: str | None) -> str | None:
    return "toward" if preposition == "towards" else preposition


def _ancestors(token: "Token") -> list["Token"]:
    """Return a token and all it hangs on."""
    line = [token]
    while line[-1].head.i != line[-1].i and len(line) < 14:
        line.append(line[-1].head)
    return line


def _prepositions(
    head: "Token", goals: frozenset[int]
) -> tuple[str | None, str | None, "Token | None"]:
    """Return the innermost and the outermost preposition above a name, and what that hangs on.

    Of "in the eastern town of A" these are "of", "in" and the verb.
    """
    inner = outer = None
    current = head
    governor: Token | None = None
    for _ in range(10):
        above = current.head
        if above.i == current.i:
            break
        if current.dep_ in {"prep", "agent"}:
            governor = above
            outer = current.lower_
            inner = inner or outer
            if above.i in goals or is_verb(above) or above.dep_ not in _THROUGH:
                break
        elif current.dep_ not in _THROUGH:
            break
        if is_verb(above) and above.i in goals:
            break
        current = above
    return inner, outer, governor


def _of_name(candidate: Candidate) -> Numbers:
    """Return what a name is and what stands right beside it."""
    place = candidate.place
    code = (place.feature_code or "") if place is not None else ""
    group = (place.feature_class or "") if place is not None else ""
    doc = candidate.head.doc
    first = next((t for t in candidate.head.subtree if t.idx >= candidate.start), candidate.head)
    last = candidate.head
    before = doc[first.i - 1] if first.i > candidate.head.sent.start else None
    after = doc[last.i + 1] if last.i + 1 < candidate.head.sent.end else None
    beyond = doc[last.i + 2] if last.i + 2 < candidate.head.sent.end else None
    words = candidate.text.split()
    found = {f"kind_{kind}": float(candidate.kind == kind) for kind in _KINDS}
    return found | {
        "resolved": float(place is not None),
        "country": float(code.startswith("PCL")),
        "division": float(code == "ADM1"),
        "district": float(group == "A" and not code.startswith("PCL") and code != "ADM1"),
        "town": float(group == "P" or (place is not None and not group)),
        "land": float(group in {"T", "H", "L", "V", "R", "S"}),
        "score": candidate.toponym.score if candidate.toponym is not None else -1.0,
        "entity_place": float(candidate.head.ent_type_ in {"GPE", "LOC", "FAC"}),
        "entity_other": float(candidate.head.ent_type_ in {"ORG", "PERSON", "NORP"}),
        "entity_none": float(not candidate.head.ent_type_),
        "possessive": float(after is not None and after.tag_ == "POS"),
        "comma_after": float(after is not None and after.text == ","),
        "comma_before": float(before is not None and before.text == ","),
        "force_after": float(after is not None and lemma(after) in _FORCES),
        "force_beyond": float(beyond is not None and lemma(beyond) in _FORCES),
        "part_after": float(after is not None and lemma(after) in _BEHIND),
        "article": float(before is not None and before.lower_ == "the"),
        "adjective": float(before is not None and before.pos_ == "ADJ"),
        "said_after": float(after is not None and lemma(after) in SPEECH),
        "words": float(min(len(words), 5)),
        "hyphen": float("-" in candidate.text),
        "with_type": float(words[-1].lower() in _BEHIND),
    }


def _gap(one: Candidate | None, other: Candidate | None) -> str:
    """Return the words between two names of a sentence."""
    if one is None or other is None or not 0 <= other.start - one.end < 12:
        return ""
    doc = one.head.doc
    first, last = one.head.i + 1, other.head.i
    words = (t.text_with_ws for t in doc[first:last] if one.end <= t.idx < other.start)
    return "".join(words).strip()


def _of_order(subject: Subject, candidates: Sequence[Candidate], at: int) -> Numbers:
    """Return where a name stands among the others and the words around."""
    candidate = candidates[at]
    sentence = subject.token.sent
    low, high = sorted((candidate.head.i, subject.token.i))
    between = subject.token.doc[low + 1 : high]
    behind = candidates[at + 1] if at + 1 < len(candidates) else None
    ahead = candidates[at - 1] if at else None
    gap_after = _gap(candidate, behind)
    gap_before = _gap(ahead, candidate)
    return {
        "before": float(candidate.head.i < subject.token.i),
        "first": float(at == 0),
        "last": float(behind is None),
        "fronted": float(candidate.head.i - sentence.start < 5),
        "commas": float(min(sum(t.text == "," for t in between), 5)),
        "verbs": float(min(sum(t.pos_ == "VERB" for t in between), 5)),
        "quotes": float(sum(t.text in {'"', "“", "”", "``", "''"} for t in between)),
        "names_between": float(sum(low < c.head.i < high for c in candidates)),
        "holder_after": float(gap_after in {",", "in", "of", ", in", "("}),
        "part_before": float(gap_before in {",", "in", "of", ", in", "("}),
        "and_after": float(gap_after in {"and", ", and", "or"}),
        "and_before": float(gap_before in {"and", ", and", "or"}),
        "overlaps": float(sum(c is not candidate and c.start < candidate.end
                              and candidate.start < c.end for c in candidates)),
    }  # fmt: skip


def chosen(
    candidates: Sequence[Candidate], answers: Sequence[float], least: float
) -> list[Candidate]:
    """Return the likeliest candidates that do not overlap, from a probability on.

    Beside the likeliest others must be likely each by itself.
    """
    found: list[Candidate] = []
    for at in sorted(range(len(candidates)), key=lambda at: -answers[at]):
        candidate = candidates[at]
        if answers[at] < (max(least, 0.5) if found else least):
            break
        if all(c.end <= candidate.start or candidate.end <= c.start for c in found):
            found.append(candidate)
    return found
