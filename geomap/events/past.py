"""Long past, or never: words that look back, and reports that are called false."""

import re
from typing import TYPE_CHECKING

from geomap.events.syntax import head_noun, is_verb, lemma, phrasal, remembered_by
from geomap.events.triggers import Trigger

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["called_false", "past_cue"]

_TRIALS = {"trial", "verdict", "inquest", "conviction", "lawsuit", "convict", "acquit", "sentence",
           "prosecute", "indict", "indictment"}  # fmt: skip
_AGO = re.compile(
    r"\b(?:\w+ (?:years|decades|centuries) ago|years earlier|decades earlier|anniversary of|"
    r"commemorat\w+)\b",
    re.IGNORECASE,
)
_LONG_AGO = {"ago", "earlier", "anniversary", "commemorate", "commemoration", "commemorative"}
_YEARS_AFTER = re.compile(
    r"\b(?:[\w-]+ )?(?:years?|decades?|century|months) (?:after|since)$", re.I
)
_REPORTS = {"report", "claim", "allegation", "rumour", "rumor", "talk", "accusation", "assertion",
            "story", "suggestion", "footage"}  # fmt: skip
_FALSE = {"disinformation", "fake", "false", "untrue", "fiction", "baseless", "lie", "nonsense",
          "propaganda", "fabrication", "unfounded", "groundless", "invention", "wrong", "rubbish",
          "misinformation", "provocation", "hoax", "incorrect", "fabricated"}  # fmt: skip
_DENY_REPORTS = {"deny", "reject", "dismiss", "refute", "rubbish", "rebut", "laugh off",
                 "brush aside", "contest", "scotch"}  # fmt: skip


def past_cue(trigger: Trigger) -> str | None:
    """Return the words by which the trigger's own words tell of long ago."""
    if _LONG_AGO & trigger.around.words:
        around = [] if is_verb(trigger.token) else trigger.token.subtree
        words = {t.i: t.text for t in [*around, *_own_words(trigger.predicate)]}
        ago = _AGO.search(" ".join(words[i] for i in sorted(words)))
        if ago:
            return ago.group()
    verb = remembered_by(trigger.token)
    if verb is not None:
        return verb.text
    mark = next((c for c in trigger.predicate.children if c.dep_ == "mark"), None)
    if mark is not None and mark.lower_ in {"after", "since"}:
        since = _YEARS_AFTER.search(mark.doc[mark.sent.start : mark.i + 1].text)
        if since:  # "came back twelve months after the port had fallen"
            return since.group()
    noun = head_noun(trigger.token)
    if noun.dep_ == "pobj" and lemma(noun.head.head) in _TRIALS:
        return noun.head.head.text
    if noun.dep_ == "pobj" and noun.head.lower_ in {"after", "since"}:
        since = _YEARS_AFTER.search(noun.doc[noun.sent.start : noun.head.i + 1].text)
        if since:  # "ten years after the bombing of Madrid"
            return since.group()
    return None


def _own_words(predicate: "Token") -> list["Token"]:
    """Return what a verb governs before a new clause begins."""
    found: list[Token] = []
    stack = [predicate] if is_verb(predicate) else []
    while stack:
        current = stack.pop()
        found.append(current)
        clauses = {"ccomp", "advcl", "relcl", "conj"}
        stack += [c for c in current.children if not (is_verb(c) and c.dep_ in clauses)]
    return found


def called_false(trigger: Trigger) -> bool:
    """Return whether it is what a report says that is called false: "reports of X were fiction"."""
    for noun in trigger.token.ancestors:
        if lemma(noun) not in _REPORTS or noun.pos_ != "NOUN":
            continue
        verb = noun.head
        if noun.dep_ in {"nsubj", "nsubjpass"} and lemma(verb) == "be":
            said = [t for c in verb.children if c.dep_ in {"attr", "acomp"} for t in c.subtree]
            return any(lemma(t) in _FALSE for t in said)
        return noun.dep_ in {"dobj", "nsubjpass", "pobj"} and phrasal(verb) in _DENY_REPORTS
    return False
