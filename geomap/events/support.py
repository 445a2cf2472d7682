"""What makes a noun happen: "held talks", "clashes erupted", "take part in the talks"."""

from typing import TYPE_CHECKING

from geomap.events.ontology import Ontology
from geomap.events.syntax import head_noun, is_passive, is_verb, lemma

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["support_of", "verb_in"]

_CASUALTIES = {"kill", "wound", "injure", "die", "hurt", "capture", "displace", "damage", "destroy"}
_WILL = {"want", "hope", "plan", "intend", "wish", "mean", "propose", "offer", "aim"}


def support_of(
    token: "Token", ontology: Ontology, diplomatic: bool
) -> tuple["Token | None", str | None, str] | None:
    """Return what makes a noun happen: (verb or None, role of its subject, reason)."""
    support = ontology.support
    noun = head_noun(token)
    head = noun.head
    if lemma(token) == "mediator":  # nobody's deed, but where somebody is with others as one
        before = token.doc[max(token.sent.start, head.i - 5) : head.i]
        acts = head.lower_ == "as" and any(t.lower_ == "with" for t in before)
        return (None, None, f"the noun after {head.text!r}") if acts else None
    if lemma(head) == "be":  # "is to be held"
        later = (c for c in head.children if c.dep_ == "xcomp" and c.tag_ in {"VB", "VBN"})
        head = next((c for c in later if verb_in(c, support.happens)), head)
    wanted = _wanted(token, support.roles) if diplomatic else None
    if wanted is not None:
        return wanted, _role(wanted, support.roles), f"the noun with {wanted.text!r}"
    if noun.dep_ in {"nsubj", "nsubjpass", "attr"} and is_verb(head):
        if verb_in(head, support.happens):
            role = support.roles.get(lemma(head)) if is_passive(head) else None
            return head, role, f"the noun with {head.text!r}"
        if is_passive(head) and verb_in(head, support.roles):
            return head, _role(head, support.roles), f"the noun with {head.text!r}"
    if noun.dep_ == "dobj" and verb_in(head, support.roles):
        return head, _role(head, support.roles), f"the noun with {head.text!r}"
    if noun.dep_ == "pobj":
        found = _support_through_preposition(noun, ontology)
        if found:
            return found
    for child in token.children:
        if child.dep_ in {"relcl", "acl"} and is_verb(child) and child.tag_ != "VB":
            if (
                lemma(child) != "be"
                and verb_in(child, support.happens)
                or (diplomatic and verb_in(child, support.roles))
            ):
                role = _role(child, support.roles) if is_passive(child) else None
                return child, role, f"the noun with {child.text!r}"
    if noun.dep_ == "ROOT":
        return None, None, "the head of the sentence"
    return None


def _wanted(noun: "Token", roles: object) -> "Token | None":
    """Return the verb of "talks that A wants to hold": what is to be done with them."""
    for child in noun.children:
        if child.dep_ == "relcl" and lemma(child) in _WILL:
            later = (c for c in child.children if c.dep_ == "xcomp")
            return next((c for c in later if verb_in(c, roles)), None)
    return None


def _support_through_preposition(
    noun: "Token", ontology: Ontology
) -> tuple["Token | None", str | None, str] | None:
    """Return the support of "during the talks", "take part in the talks", "play host to talks"."""
    preposition = noun.head
    governor = preposition.head
    if preposition.lower_ in ontology.support.within:
        return None, None, f"the noun after {preposition.text!r}"
    if governor.lower_ == "midst":
        return None, None, "the noun after 'in the midst of'"
    if preposition.lower_ in {"in", "by", "during"} and lemma(governor) in _CASUALTIES:
        return None, None, f"the noun after {governor.text!r}"
    if lemma(governor) == "part" and lemma(governor.head) == "take":
        return governor.head, "participant", "the noun with 'take part'"
    if lemma(governor) == "host" and lemma(governor.head) == "play":
        return governor.head, "host", "the noun with 'play host'"
    if lemma(governor) == "play" and any(lemma(c) == "host" for c in governor.children):
        return governor, "host", "the noun with 'play host'"
    if lemma(governor) == "take" and any(lemma(c) == "part" for c in governor.children):
        return governor, "participant", "the noun with 'take part'"
    if lemma(governor) == "stop" and preposition.lower_ == "for":
        return governor, "participant", f"the noun with {governor.text!r}"
    if lemma(governor) in {"participate", "engage", "preside", "arrive", "gather", "meet", "come"}:
        if preposition.lower_ in {"in", "over", "at", "for"}:
            if lemma(governor) in {"arrive", "gather", "meet", "come"}:
                return None
            role = "chair" if lemma(governor) == "preside" else "participant"
            return governor, role, f"the noun with {governor.text!r}"
    return None


def verb_in(verb: "Token", names: "frozenset[str] | dict[str, str] | object") -> bool:
    """Return whether a verb, alone or with its particle or object, is among some names."""
    return _key(verb, names) is not None


def _key(verb: "Token", names: object) -> str | None:
    """Return under which name of a set or mapping a verb is known."""
    container = names if isinstance(names, frozenset | dict) else frozenset()
    word = lemma(verb)
    for child in verb.children:
        if child.dep_ in {"prt", "dobj", "advmod"}:
            longer = f"{word} {lemma(child)}"
            if longer in container:
                return longer
    return word if word in container else None


def _role(verb: "Token", roles: object) -> str | None:
    """Return the role that a supporting verb gives its subject."""
    key = _key(verb, roles)
    return roles[key] if key is not None and isinstance(roles, dict) else None
