"""What makes a noun happen: "held talks", "clashes erupted", "take part in the talks"."""

from typing import TYPE_CHECKING

from geomap.events.ontology import Ontology
from geomap.events.syntax import head_noun, is_passive, is_verb, lemma

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["happening", "support_of", "told_by", "verb_in"]

_CASUALTIES = {"kill", "wound", "injure", "die", "hurt", "capture", "displace", "damage", "destroy",
               "perish", "fall", "uproot", "lose", "shoot", "gut", "raze"}  # fmt: skip
# What people say of something or do about it: none of these makes it happen.
_ABOUT = {
    "condemn", "denounce", "criticise", "criticize", "decry", "deplore", "blame", "discuss", "fear",
    "welcome", "hail", "praise", "mark", "remember", "recall", "describe", "mourn", "investigate",
    "probe", "deny", "reject", "threaten", "vow", "demand", "urge", "oppose", "support", "mention",
    "commemorate", "call", "want", "back", "justify", "defend", "film", "report", "regret", "cite",
    "avoid", "prevent", "avert", "deter", "thwart", "foil", "risk", "expect", "ask", "request",
    "propose", "suggest", "promise", "invoke", "study", "examine", "document", "include", "regard",
    "consider", "monitor", "watch", "protest", "celebrate", "resemble", "mean", "constitute",
    "face", "survive", "escape", "flee", "witness", "confirm", "note", "say", "record",
}  # fmt: skip
_PUTS_OFF = {"postpone", "delay", "cancel", "prevent", "ban", "plan", "threaten", "call", "scrap"}
_POINTS_BACK = {"the", "this", "these", "that", "those", "such", "any", "every", "no"}
# Where a preposition puts a happening beside what it led to, or what is told of it.
_BESIDE = {"in", "by", "during", "after", "following", "amid", "since", "before", "from", "with",
           "against", "over", "of", "for", "to", "despite", "like", "between", "at", "on",
           "including", "about", "under", "upon"}  # fmt: skip
_LOOSE = {"in", "by", "during", "after", "following", "amid", "from", "with", "since", "despite"}
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


def happening(token: "Token", diplomatic: bool) -> bool:
    """Return whether a noun that is a happening by nature is told as one that took place.

    "A hartal closed the shops", "Monday saw clashes", "the toll of Monday's attack".
    One that only points back ("condemned the attack") needs words of its own: whose, when, where.
    """
    noun = head_noun(token)
    if noun.dep_ in {"nsubj", "nsubjpass", "ROOT", "ccomp", "parataxis"}:
        return True
    bare = noun.i == token.i and not _specified(token)  # "a spate of killings" says how many
    if bare and any(c.lower_ in _POINTS_BACK for c in token.children):
        return False
    if noun.dep_ in {"dobj", "attr", "appos", "conj", "oprd"}:
        return not bare or lemma(noun.head) not in _ABOUT
    if noun.dep_ != "pobj" or (bare and lemma(token) == "protest"):
        return False  # "chained themselves to a gate in protest"
    if diplomatic and noun.head.lower_ in {"for", "on"}:
        return False  # "flew to A for a one-day visit": told by the verb
    if diplomatic and noun.head.lower_ in {"at", "to"} and not _placed(token):
        return False
    return noun.head.lower_ in (_LOOSE if bare else _BESIDE)


def _specified(token: "Token") -> bool:
    """Return whether a noun has words that tell which it is: whose, when, where, how many."""
    for child in token.children:
        if child.dep_ in {"poss", "nummod"} or child.ent_type_:
            return True
        if child.dep_ in {"prep", "agent"} and child.lower_ != "of":
            if any(c.ent_type_ or c.pos_ == "PROPN" or c.dep_ == "pobj" for c in child.children):
                return True
        if child.lower_ == "of" and any(c.dep_ == "pobj" for c in child.children):
            return True
        if child.dep_ in {"acl", "relcl"}:
            return True
    return False


def _placed(token: "Token") -> bool:
    """Return whether a noun says where: "a meeting of admirals in Tarakan"."""
    return any(
        c.lower_ in {"in", "at"} and any(n.pos_ == "PROPN" for n in c.children)
        for c in token.children
    )


def told_by(token: "Token") -> "Token | None":
    """Return the verb whose mood and day are those of a happening: "the hartal will go on"."""
    noun = head_noun(token)
    if noun.dep_ == "appos" and noun.head.dep_ in {"nsubj", "nsubjpass", "advmod"}:
        noun = noun.head  # "Interaction 2025, a joint drill, will begin"
    if noun.dep_ in {"nsubj", "nsubjpass", "advmod"} and is_verb(noun.head):
        judged = _ABOUT if noun.dep_ == "nsubjpass" else _PUTS_OFF
        return None if lemma(noun.head) in judged else noun.head
    if noun.dep_ == "dobj" and is_verb(noun.head) and lemma(noun.head) not in _ABOUT:
        return noun.head
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
