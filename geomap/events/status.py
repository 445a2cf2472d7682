"""Whether: it happened, goes on, is planned, proposed, threatened, denied, or long past.

The answer is read off the verbs above the trigger, from the inside out; the first cue decides.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.events.past import called_false, past_cue
from geomap.events.syntax import head_noun, is_passive, is_verb, lemma, phrasal
from geomap.events.triggers import Trigger
from geomap.model import Status

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["FACTUAL", "Reading", "read_status"]

FACTUAL: frozenset[Status] = frozenset({"reported", "ongoing", "claimed"})

# What a verb or noun says of the action it governs ("plan to", "readiness to", "threat of").
_GOVERNORS: dict[str, Status] = {
    **dict.fromkeys(
        ["plan", "prepare", "schedule", "set", "due", "fix", "pencil",
         "intend", "expect", "arrange", "invite",
         "agree", "promise", "pledge", "slate", "propose_date", "arrangement", "expected"],
        "planned",
    ),
    **dict.fromkeys(
        ["propose", "offer", "urge", "suggest", "ready", "readiness", "willing", "willingness",
         "proposal", "invitation", "volunteer", "demand", "call", "request", "ask", "appeal",
         "recommend", "advocate"],
        "proposed",
    ),
    **dict.fromkeys(["suppose", "imagine"], "conditional"),
    **dict.fromkeys(["threaten", "vow", "warn", "threat", "warning"], "threatened"),
    **dict.fromkeys(["deny", "refute", "denial", "dismiss", "rubbish", "laugh off"], "denied"),
    **dict.fromkeys(["cancel", "scrap", "call off", "shelve", "ban"], "cancelled"),
    **dict.fromkeys(["postpone", "delay", "defer", "put off", "push back"], "postponed"),
    **dict.fromkeys(["refuse", "decline", "fail", "rule", "discard", "forgo"], "negated"),
}  # fmt: skip
# Under these nothing is said of whether it happens: no event.
_SILENT = {
    "try", "attempt", "seek", "aim", "want", "wish", "hope", "avoid", "prevent", "stop", "discuss",
    "consider", "risk", "danger", "possibility", "prospect", "fear", "necessity", "need", "brink",
    "verge", "close", "effort", "way", "chance", "likelihood", "avert", "means", "status", "agenda",
    "debate", "concern", "worry", "worried", "able", "capable", "topic", "issue", "deter",
    "initiative", "history", "anniversary", "film", "book", "novel", "date", "venue", "outbreak",
    "save",
}  # fmt: skip
_REFUSE = {"reject", "decline", "refuse", "rebuff", "dismiss", "turn down", "rule out", "spurn"}
_GOVERNED = {
    "xcomp", "acl", "advcl", "ccomp", "pcomp", "prep", "dobj", "pobj", "conj", "nsubj", "csubj",
    "nsubjpass",
}  # fmt: skip
# Governors of whole clauses: "denied that", "threatened that".
_OF_CLAUSES = {"ask", "urge", "request", "recommend", "suppose", "imagine", "deny",
               "propose", "suggest", "demand", "threaten", "vow", "warn", "plan", "expect",
               "promise", "pledge"}  # fmt: skip
_STOPS = {"end", "halt", "cessation"}  # "demanded an end to the shelling"
_ARGUMENTS = {"nsubj", "nsubjpass", "dobj"}
# Under these a plan is one of the past, and what was planned happened: "suspected of planning".
_SUSPECT = {"suspect", "accuse", "charge", "convict", "acquit", "blame", "arrest", "detain", "jail",
            "sentence", "implicate"}  # fmt: skip
# What cancels or puts off an event noun, and may mean something else of others.
_OUTLOOKS = {"card", "offing", "pipeline", "work", "diary", "calendar"}  # "is on the cards"
_OFF: dict[str, Status] = {
    **dict.fromkeys(["drop", "abandon", "axe", "ditch", "nix", "pull"], "cancelled"),
    **dict.fromkeys(["put back", "move", "move back", "reschedule", "shift", "hold over"],
                    "postponed"),
}  # fmt: skip
_CRIMINAL_PLANS = {"plan", "prepare", "organise", "organize", "arrange", "schedule"}
_LOOKS_AHEAD = {"expect", "schedule", "slate"}  # as the trigger itself: "is expected in Amman"
_PURPOSE_FACTUAL = {"leave", "return", "go", "break", "prove"}
_MODAL: dict[str, Status] = {
    "will": "planned", "wo": "planned", "shall": "planned", "'ll": "planned", "’ll": "planned",
    "may": "conditional", "might": "conditional", "could": "conditional", "would": "conditional",
    "can": "conditional", "ca": "conditional", "should": "proposed", "must": "proposed",
}  # fmt: skip
_ONGOING = re.compile(
    r"\b(ongoing|on and off|under ?way|continu(?:e|es|ing)|still|is finali[sz]ing|in the midst of|"
    r"amid|these days|currently)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A status with the words that say so; ``tenseless``: a gerund, which says nothing itself."""

    status: Status
    cue: str | None
    tenseless: bool = False


_ARRANGED = {"diplomatic_meeting", "visit", "mediation", "protest", "agreement"}
_WEEKDAYS = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}


def _wished(verb: "Token") -> bool:
    """Return whether somebody wants to do it: "a summit that A hopes to hold"."""
    wish = {"want", "hope", "wish", "intend", "aim"}
    return verb.dep_ == "xcomp" and verb.head.dep_ == "relcl" and lemma(verb.head) in wish


def _over(gerund: "Token") -> bool:
    """Return whether a gerund says that it was done: "said after meeting in A"."""
    return gerund.dep_ == "pcomp" and gerund.head.lower_ in {"after", "following", "upon"}


def read_status(trigger: Trigger) -> Reading | None:
    """Return the status of a trigger, or None where the text only names the idea of it."""
    likely = [c for c in trigger.predicate.children if c.dep_ == "acomp"]
    if any(lemma(word) in {"likely", "possible", "unlikely", "imminent"} for word in likely):
        return Reading("conditional", likely[0].text)
    off = _called_off(trigger)
    if off is not None:
        return off if off.status != "negated" else None  # "was not cancelled": no more is said
    if _plotted(trigger):
        return Reading("reported", None) if trigger.definite else None
    if is_verb(trigger.token) and any(
        lemma(word) in _LOOKS_AHEAD or word.lower_ == "due" for word in trigger.words
    ):
        return Reading("planned", trigger.token.text)
    if called_false(trigger):
        return Reading("denied", None)
    before = _noun_cue(trigger)
    if before == "silent" or _names_a_time(trigger):
        return None
    if isinstance(before, Reading):
        return before
    if _next(trigger):
        return Reading("planned", trigger.predicate.text)
    cue = past_cue(trigger)
    past = Reading("past_reference", cue) if cue is not None else None
    found = _presupposed(trigger) or _climb(trigger.predicate, trigger)
    if found and trigger.event_class.name == "ceasefire" and found.cue in {"agree", "agreed"}:
        found = Reading("reported", None)  # "agreed to stop shooting"
    if found is None:
        return None
    if past is not None and found.status in FACTUAL:
        return past
    if found.status in {"planned", "proposed"}:
        return _undone(trigger) or found
    if found.status == "reported":
        ongoing = _ongoing(trigger)
        if ongoing is not None:
            return ongoing
    return found


def _next(trigger: Trigger) -> bool:
    """Return whether the present tells what comes: "meets next in A", "land on Wednesday"."""
    verb = trigger.predicate
    if verb.tag_ not in {"VBZ", "VBP"} or trigger.event_class.name not in _ARRANGED:
        return False
    if any(c.lower_ in {"next", "today", "tonight", "tomorrow"} for c in verb.children):
        return True
    days = [n for c in verb.children for n in (c, *c.children) if n.lower_ in _WEEKDAYS]
    bare = not any(c.dep_ in {"aux", "auxpass", "neg"} for c in verb.children)
    return bool(days) and bare and lemma(verb) != "be"


def _called_off(trigger: Trigger) -> Reading | None:
    """Read the verb that cancels or postpones an event noun, whatever else stands beside it."""
    noun = head_noun(trigger.token)
    verb = noun.head
    if is_verb(trigger.token) or not is_verb(verb):
        return None
    if noun.dep_ == "nsubj" and lemma(verb) == "be":
        return _of_a_plan(verb)
    if noun.dep_ not in {"nsubjpass", "dobj"}:
        return None
    status = _GOVERNORS.get(phrasal(verb))
    if status not in {"cancelled", "postponed"} and noun.dep_ == "nsubjpass":
        status = _OFF.get(phrasal(verb))
    if status not in {"cancelled", "postponed"}:
        return None
    open_still = {"may", "might", "could", "would", "can", "should"}
    if any(c.dep_ == "neg" for c in verb.children):
        return Reading("negated", verb.text)
    if any(c.lower_ in open_still for c in verb.children):
        return None
    return Reading(status, phrasal(verb) if " " in phrasal(verb) else verb.text)


def _of_a_plan(verb: "Token") -> Reading | None:
    """Read "is off", "is on the cards"."""
    if any(c.lower_ == "off" and c.dep_ != "prep" for c in verb.children):
        return Reading("cancelled", f"{verb.text} off")
    for preposition in verb.children:
        if any(lemma(n) in _OUTLOOKS for n in preposition.children if n.dep_ == "pobj"):
            return Reading("planned", preposition.text)
    return None


def _undone(trigger: Trigger) -> Reading | None:
    """Read what became of a plan: "was to meet X, but it was postponed", "rejected a proposal"."""
    for verb in trigger.token.sent[trigger.predicate.i - trigger.token.sent.start + 1 :]:
        status = _GOVERNORS.get(phrasal(verb)) if is_verb(verb) else None
        it = any(c.dep_ == "nsubjpass" and c.lower_ in {"it", "which"} for c in verb.children)
        if it and status in {"cancelled", "postponed"} and verb.dep_ in {"conj", "relcl", "ROOT"}:
            return Reading(status, verb.text)
    for noun in trigger.predicate.ancestors:
        if noun.pos_ == "NOUN" and _GOVERNORS.get(lemma(noun)) == "proposed":
            if noun.dep_ in {"dobj", "nsubjpass"} and phrasal(noun.head) in _REFUSE:
                return Reading("negated", noun.head.text)
    return None


def _plotted(trigger: Trigger) -> bool:
    """Return whether an event is what a suspect had planned: "accused of planning the attack"."""
    verb = trigger.support
    if (
        verb is None
        or trigger.event_class.layer != "conflict"
        or lemma(verb) not in _CRIMINAL_PLANS
    ):
        return False
    if any(c.dep_ == "aux" and lemma(c) == "have" for c in verb.children):
        return True
    governor = verb.head.head if verb.dep_ == "pcomp" else verb.head
    return lemma(governor) in _SUSPECT


def _names_a_time(trigger: Trigger) -> bool:
    """Return whether an event is only named to tell a time: "a day before the summit"."""
    token = trigger.token
    before = token.dep_ == "pobj" and token.head.lower_ in {"before", "until"}
    bare = not any(c.dep_ == "prep" for c in token.children)
    return before and bare and trigger.definite and trigger.support is None


def _noun_cue(trigger: Trigger) -> Reading | str | None:
    """Read what stands right at an event noun: "planned", "threat of", "call for"."""
    token = trigger.token
    if is_verb(token):
        return None
    for child in token.children:
        word = lemma(child)
        if child.dep_ in {"amod", "compound"}:
            if word in {"planned", "plan", "scheduled", "upcoming", "forthcoming", "proposed"}:
                return Reading("planned", child.text)
            if word in {"possible", "potential", "hypothetical"}:
                return Reading("conditional", child.text)
            if word in {"alleged", "supposed"}:
                return Reading("claimed", child.text)
        if child.dep_ == "det" and child.lower_ == "no":
            return Reading("negated", child.text)
    return None if trigger.support is not None else _about(token)


def _about(token: "Token") -> Reading | str | None:
    """Read what an event noun is the object of: "demanded talks", "the risk of an attack"."""
    governor = token
    while governor.dep_ in {"pobj", "prep", "conj", "pcomp"} and governor.head.i != governor.i:
        governor = governor.head
        word = lemma(governor)
        if governor.pos_ in {"NOUN", "ADJ", "ADV"} and word in _SILENT | _STOPS:
            return "silent"
        if is_verb(governor):
            break
    if token.dep_ in {"dobj", "pobj"} and is_verb(
        governor.head if token.dep_ == "dobj" else governor
    ):
        verb = token.head if token.dep_ == "dobj" else governor
        linked = (
            token.dep_ == "dobj"
            or token.head.head.i == verb.i
            and token.head.lower_ in {"for", "of", "on"}
        )
        if linked and lemma(verb) in _SILENT - {"attempt"}:
            return "silent"
        if token.dep_ == "dobj" and lemma(verb) == "call":
            return Reading("planned", verb.text)  # "called a strike"
        if linked and lemma(verb) in _GOVERNORS and lemma(verb) not in {"agree", "set", "rule"}:
            return Reading(_GOVERNORS[lemma(verb)], verb.text)
    return None


def _presupposed(trigger: Trigger) -> Reading | None:
    """Read a noun that a preposition of time takes for granted: "during his visit"."""
    token = head_noun(trigger.token)
    gerund = token.dep_ == "pcomp" and token.lower_ in trigger.group.names  # "after shelling in A"
    if trigger.support is not None or not (gerund or token.dep_ == "pobj" and not is_verb(token)):
        return None
    if token.head.lower_ not in {"during", "after", "following", "amid", "since", "despite"}:
        return None
    governor = token.head.head
    ahead = is_verb(governor) and _own_cue(governor)
    if isinstance(ahead, Reading) and ahead.status == "planned":
        return Reading("ongoing" if token.head.lower_ == "during" else "planned", ahead.cue)
    return Reading("reported", None)


def _climb(start: "Token", trigger: Trigger) -> Reading | None:
    """Go up from the predicate; the first verb or noun with something to say decides."""
    current = start
    reading: Reading | None = None
    of_support = _GOVERNORS.get(lemma(start)) if trigger.support is not None else None
    if trigger.support is not None and lemma(start) == "call":
        of_support = "planned"
    if trigger.support is not None and _wished(start):
        return _own_cue(start) or Reading("planned", start.head.text)
    if of_support in {"planned", "proposed"}:
        return _own_cue(start) or Reading(of_support, start.text)
    for _ in range(8):
        own = _own_cue(current)
        if own is not None:
            return own
        if (
            current is start
            and is_verb(current)
            and current.tag_ == "VBG"
            and not _has_aux(current)
        ):
            reading = Reading(
                "reported",
                None,
                tenseless=current.dep_ in {"pcomp", "csubj", "nsubj"} and not _over(current),
            )
        head = current.head
        if head.i == current.i:
            break
        step = _governed(current, head)
        if step == "silent":
            return None
        if isinstance(step, Reading):
            return step
        if step == "stop":
            break
        current = head
    return reading or Reading("reported", None)


def _has_aux(verb: "Token") -> bool:
    return any(child.dep_ in {"aux", "auxpass"} for child in verb.children)


def _own_cue(verb: "Token") -> Reading | None:
    """Read a verb's own auxiliaries, negation and adverbs."""
    words = {child.lower_: child for child in verb.children if child.dep_ in {"aux", "auxpass"}}
    negation = next((c for c in verb.children if c.dep_ == "neg"), None)
    if negation is None:
        negation = next((c for c in verb.children if c.lower_ in {"never", "neither"}), None)
    clauses = [c for child in verb.children if child.dep_ == "advcl" for c in child.children]
    if any(c.lower_ == "unless" and c.dep_ == "mark" for c in clauses):
        return Reading("conditional", "unless")
    if verb.tag_ in {"VBP", "VBZ"} and verb.dep_ == "advcl" and lemma(verb) != "be":
        when = next((c for c in verb.children if c.lower_ in {"when", "once"}), None)
        if when is not None:  # "when the envoys meet in June"
            return Reading("planned", f"{when.text} {verb.text}")
    condition = next(
        (c for c in verb.children if c.dep_ == "mark" and c.lower_ in {"if", "unless", "whether"}),
        None,
    )
    if negation is not None and is_verb(verb):
        return Reading("negated", f"{negation.text} {verb.text}")
    nothing = next((c for c in verb.children if c.dep_ in _ARGUMENTS and _none(c)), None)
    further = any(c.dep_ in {"xcomp", "advcl"} for c in verb.children)
    if nothing is not None and not further:  # "no shots were fired"
        return Reading("negated", f"{nothing.text} {verb.text}")
    if condition is not None:
        return Reading("conditional", condition.text)
    if verb.i > 1 and verb.doc[verb.i - 1].lower_ == "to" and verb.doc[verb.i - 2].lower_ == "due":
        return Reading("planned", "due to")  # however it was parsed
    told = verb.dep_ == "ccomp" and verb.head.tag_ == "VBD"
    if "would" in words and told:  # "said it would be held": the future, told in the past
        return Reading("planned", f"{words['would'].text} {verb.text}")
    if words.keys() & {"should", "ought"} and "have" in words:  # "should have left by May"
        return Reading("negated", f"should have {verb.text}")
    for word, status in _MODAL.items():
        if word in words and not (word in {"would", "could"} and "have" in words):
            return Reading(status, f"{words[word].text} {verb.text}")
    if lemma(verb) == "go" and verb.tag_ == "VBG" and any(c.dep_ == "xcomp" for c in verb.children):
        return Reading("planned", "going to")
    own = _GOVERNORS.get(phrasal(verb))
    if own in {"cancelled", "postponed"}:
        return Reading(own, verb.text)
    return None


def _none(noun: "Token") -> bool:
    """Return whether a noun has "no" before it, or says so itself: "nobody was killed"."""
    return noun.lower_ in {"nobody", "none", "nothing"} or any(
        c.lower_ == "no" and c.dep_ == "det" for c in noun.children
    )


def _governed(token: "Token", head: "Token") -> Reading | str | None:
    """Say what a head makes of what it governs; None: nothing, go on; "stop": no more above."""
    word = lemma(head)
    infinitive = is_verb(token) and any(
        c.lower_ == "to" and c.dep_ == "aux" for c in token.children
    )
    if token.dep_ == "acl" and token.tag_ in {"VBN", "VBD"}:
        return "stop"  # "two men held by the gang were set free"
    if token.dep_ in _GOVERNED:
        finite = token.dep_ in {"ccomp", "relcl", "advcl"} and not infinitive
        if finite and token.i < head.i and any(c.text == ";" for c in head.children):
            return "stop"  # two sentences in one
        if token.dep_ in {"nsubj", "csubj"}:
            return "stop"
        if token.dep_ == "conj":
            shared = is_verb(head) and not _has_subject(token) and not _own_tense(token)
            return None if shared else "stop"
        if word in _SILENT and not (finite and token.dep_ == "advcl"):
            return "silent"
        status = _GOVERNORS.get(phrasal(head))
        if status is not None and token.dep_ != "advcl":
            if not finite or word in _OF_CLAUSES:
                return Reading(status, head.text)
        if infinitive and word == "be" and token.dep_ == "xcomp":
            if any(lemma(c) == "have" and c.dep_ == "aux" for c in token.children):
                return Reading("cancelled", f"{head.text} to have")  # "were to have met"
            return Reading("planned", f"{head.text} to")  # "is to be held"
        if infinitive and token.dep_ == "advcl":
            return _purpose(head)
        if finite:
            return "stop"
        return None
    return "stop"


def _own_tense(verb: "Token") -> bool:
    """Return whether a coordinated verb has a tense of its own: "will meet ..., and had met"."""
    if verb.tag_ in {"VBD", "VBZ"}:
        return True
    return any(c.dep_ in {"aux", "auxpass"} and c.tag_ in {"VBD", "VBZ"} for c in verb.children)


def _has_subject(verb: "Token") -> bool:
    return any(
        c.dep_ in {"nsubj", "nsubjpass"} and c.lower_ not in {"who", "which"} for c in verb.children
    )


def _purpose(head: "Token") -> Reading | str | None:
    """Read a purpose ("met to sign"): unrealised, unless what it serves is planned anyway."""
    own = _own_cue(head)
    if own is not None:
        return own
    status = _GOVERNORS.get(lemma(head))
    if status is not None:
        return Reading(status, head.text)
    return "silent"


def _ongoing(trigger: Trigger) -> Reading | None:
    """Return "ongoing" for the progressive, and for words that say so."""
    verb = trigger.predicate
    noun = trigger.token
    on = noun.dep_ == "pobj" and noun.head.lower_ == "on" and lemma(noun.head.head) == "be"
    if on and noun.head.head.tag_ in {"VBZ", "VBP"}:
        return Reading("ongoing", f"{noun.head.head.text} on")  # "is on a working visit"
    if is_verb(verb) and verb.tag_ == "VBG":
        forms = {c.lower_ for c in verb.children if c.dep_ == "aux"}
        if forms & {"is", "are", "been", "'s", "’s"}:
            return Reading("ongoing", " ".join([*sorted(forms), verb.text]))
    if lemma(verb) in {"continue", "rage"} and verb.tag_ in {"VBP", "VBZ"}:
        return Reading("ongoing", verb.text)
    if not is_verb(trigger.token):
        sentence = trigger.token.doc
        first = max(trigger.token.sent.start, trigger.token.i - 6)
        phrase = sentence[first : trigger.token.i + 1].text
        found = _ONGOING.search(phrase)
        if found:
            return Reading("ongoing", found.group())
        for word in trigger.token.ancestors:
            if (
                lemma(word) in {"finalize", "finalise", "complete", "continue"}
                and word.tag_ == "VBG"
            ):
                return Reading("ongoing", word.text)
            if is_verb(word):
                break
    elif is_passive(verb):
        return None
    return None
