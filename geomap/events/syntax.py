"""Reading the parse: subjects, objects, prepositions, clauses. Dependency labels are spaCy's."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from geomap.events.nouns import CIVIL, FACILITIES, OFFICES, ORGANS, REBELS, SPOTS

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = [
    "adpositions",
    "ancestors_in_clause",
    "clause_of",
    "clause_words",
    "conjuncts",
    "antecedent",
    "is_passive",
    "is_verb",
    "lemma",
    "noun_before",
    "head_noun",
    "objects",
    "phrasal",
    "remembered_by",
    "subjects",
    "topic",
]

_CLAUSE_DEPS = {
    "ROOT", "ccomp", "advcl", "relcl", "acl", "xcomp", "conj", "pcomp", "parataxis", "csubj", "dep",
}  # fmt: skip
_OBJECT_CONTROL = {
    "push", "force", "allow", "ask", "urge", "order", "help", "lead", "prompt", "compel", "cause",
    "persuade", "enable", "drive", "make", "send",
}  # fmt: skip


# What people do about something that happened before.
_REMEMBER = {"remember", "commemorate", "recall", "mourn", "honour", "honor", "memorialise",
             "memorialize", "evoke", "reenact", "relive"}  # fmt: skip
_OF_LOSS = {"victim", "dead", "anniversary", "memory", "day"}
_VIOLENCE = {"attack", "bombing", "killing", "massacre", "shooting", "assault", "raid", "blast",
             "explosion", "war", "battle", "clash", "protest", "riot", "coup", "murder", "siege",
             "assassination", "kidnapping", "fighting", "strike", "invasion"}  # fmt: skip
_DONE_TO = {"attack", "ambush", "kill", "shell", "bomb", "arrest", "abduct", "kidnap", "wound",
            "injure", "detain", "seize", "shoot", "hit", "storm", "raid"}  # fmt: skip
_HELPLESS = FACILITIES | SPOTS | CIVIL | {"mayor", "governor", "envoy", "priest", "patrol"}
_SPANS = {"series", "round", "number", "dozen", "string", "spate", "wave", "day", "hour", "lot",
          "week", "month", "night", "set", "exchange"}  # fmt: skip


_UPTAKE = {"accept", "make", "reach", "have", "receive", "decline", "confirm", "announce", "take"}
_SOMEBODY = CIVIL | REBELS | OFFICES | set(ORGANS)
_CHARGED = {"accuse", "suspect", "convict", "acquit"}
_PLURAL = {"headquarters", "outskirts", "barracks", "series", "means", "news", "gas", "bus",
           "species", "crossroads", "congress", "forces"}  # fmt: skip


_MISREAD = {"din": "dine", "overthrew": "overthrow"}  # what the model makes of "dined"


def lemma(token: "Token") -> str:
    """Return the lemma in lower case; of a capitalised plural ("Envoys of ...") the singular."""
    word = str(token.lemma_.lower())
    if token.tag_ == "NNS" and word == token.lower_ and word[-1:] == "s" and word not in _PLURAL:
        word = word[:-1]  # the model does not know "envoys"
    if token.tag_ == "NN" and word[-1:] == "s" and word[:-1] in _SOMEBODY:
        word = word[:-1]  # "consuls", tagged as if one
    if token.pos_ != "PROPN":
        return _MISREAD.get(word, word)
    if token.is_sent_start and word[-1:] == "s" and word[:-1] in _SOMEBODY:
        return word[:-1]  # "Representatives of Mali", taken for a name
    name = token.ent_type_ and not (token.tag_ == "NNPS" and _alone(token))
    plural = token.pos_ == "PROPN" and not name and len(word) > 3
    return word[:-1] if plural and word.endswith("s") else word


def _alone(token: "Token") -> bool:
    """Return whether a token is an entity of one word."""
    beside = token.doc[max(0, token.i - 1) : token.i + 2]
    return token.ent_iob_ == "B" and all(t.ent_iob_ != "I" for t in beside if t.i > token.i)


def is_verb(token: "Token") -> bool:
    """Return whether a token is a verb or an auxiliary used as one."""
    return token.pos_ in {"VERB", "AUX"}


def conjuncts(token: "Token") -> tuple["Token", ...]:
    """Return a noun and those coordinated with it."""
    return (token, *(other for other in token.conjuncts if other.i > token.i))


def phrasal(verb: "Token") -> str:
    """Return a verb's lemma with its particle: "call off"."""
    particle = next((c for c in verb.children if c.dep_ == "prt"), None)
    return f"{lemma(verb)} {particle.lower_}" if particle is not None else lemma(verb)


def head_noun(token: "Token") -> "Token":
    """Return the noun that stands for an event in its clause: of "two days of talks" the days."""
    noun = token
    while noun.dep_ == "conj" and noun.head.pos_ in {"NOUN", "PROPN"}:
        noun = noun.head
    while noun.dep_ == "pobj" and noun.head.lower_ == "of" and lemma(noun.head.head) in _SPANS:
        noun = noun.head.head
    return noun


def remembered_by(token: "Token") -> "Token | None":
    """Return the verb of remembering that has an event noun as its object, or None."""
    noun = head_noun(token)
    while noun.dep_ == "pobj" and noun.head.lower_ == "of" and lemma(noun.head.head) in _OF_LOSS:
        noun = noun.head.head  # "mourned the victims of the attack"
    verb = noun.head
    if not is_verb(verb) or lemma(verb) not in _REMEMBER:
        return None
    done_to = noun.dep_ == "nsubjpass" or (noun.dep_ == "dobj" and not is_passive(verb))
    return verb if done_to else None


def topic(noun: "Token") -> bool:
    """Return whether a noun of violence is only what something is about: "arrested over the raid".

    Its place and its date are its own.
    """
    about = {"over", "for", "about", "of", "to", "on", "against", "with", "since", "before", "than",
             "after", "like", "despite"}  # fmt: skip
    if lemma(noun) not in _VIOLENCE or noun.pos_ not in {"NOUN", "PROPN"}:
        return False
    return bool(noun.dep_ == "pobj" and noun.head.lower_ in about)


def is_passive(verb: "Token") -> bool:
    """Return whether a verb is in the passive ("was attacked", "talks hosted by")."""
    if any(child.dep_ in {"nsubjpass", "auxpass"} for child in verb.children):
        return True
    return (verb.dep_ == "acl" and verb.tag_ == "VBN") or _headline_passive(verb)


def _headline_passive(verb: "Token") -> bool:
    """Return whether a headline leaves out "was": "Convoy attacked on the road to Gao"."""
    if verb.dep_ != "ROOT" or verb.tag_ not in {"VBD", "VBN"} or lemma(verb) not in _DONE_TO:
        return False
    if any(child.dep_ in {"dobj", "ccomp", "aux", "prt"} for child in verb.children):
        return False
    hit = [c for c in verb.children if c.dep_ == "nsubj" and lemma(c) in _HELPLESS]
    return bool(hit) and not any(c.dep_ in {"det", "poss"} for c in hit[0].children)


def before_noun(token: "Token") -> bool:
    """Return whether a participle only describes the noun behind it: "46 detained soldiers".

    However it was parsed: one that describes the noun before it has no object of its own.
    """
    if token.tag_ != "VBN" or token.dep_ != "acl" or token.i + 1 >= len(token.doc):
        return False
    behind = token.doc[token.i + 1]
    inside = token.doc[token.i - 1].pos_ in {"NUM", "DET", "ADJ"}
    return inside and behind.pos_ in {"ADJ", "NOUN", "PROPN"}


def antecedent(token: "Token") -> "Token":
    """Return what a relative pronoun stands for, else the token itself."""
    if token.lower_ in {"who", "which", "that", "whom"}:
        clause = token.head
        while clause.dep_ == "xcomp":
            clause = clause.head  # "a pact that they were to sign"
        if clause.dep_ == "relcl":
            return clause.head
    if token.lower_ == "whom" and token.dep_ == "pobj" and token.head.head.dep_ == "relcl":
        return token.head.head.head
    if token.lower_ in {"it", "they"} and token.head.dep_ == "ccomp":
        # "the army said it had repelled": who says it is who did it
        speakers = [c for c in token.head.head.children if c.dep_ == "nsubj" and c.pos_ != "PRON"]
        return speakers[0] if speakers else token
    return token


def subjects(verb: "Token", depth: int = 0) -> tuple["Token", ...]:
    """Return the logical subjects: who does it.

    A verb without one takes that of the verb it hangs on ("plans to host", "attacked X, taking
    Y"); of "pushed the forces to flee" it takes the object.
    """
    if depth > 5:
        return ()
    if is_passive(verb):
        agents = [
            obj
            for child in verb.children
            if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by")
            for obj in child.children
            if obj.dep_ == "pobj"
        ]
        return tuple(agents)
    own = [child for child in verb.children if child.dep_ in {"nsubj", "csubj"}]
    own = [child for child in own if not _first_name(child)]
    if own:
        return tuple(antecedent(child) for child in own)
    head = verb.head
    if verb.dep_ == "relcl":
        return (head,)
    if verb.tag_ in {"VBD", "VBP", "VBZ"} and verb.dep_ in {"advcl", "ccomp", "ROOT"}:
        before = noun_before(verb)
        if before is not None:
            return (before,)
    if verb.dep_ == "acl":
        return _subjects_of_acl(verb, depth)
    if verb.dep_ == "xcomp" and lemma(head) in _OBJECT_CONTROL:
        controlled = [child for child in head.children if child.dep_ == "dobj"]
        if controlled:
            return tuple(controlled)
    if verb.dep_ in {"xcomp", "advcl", "conj", "ccomp"} and head.i != verb.i and is_verb(head):
        if is_passive(head):
            return _passive_subjects(head) or subjects(head, depth + 1)
        return subjects(head, depth + 1)
    if verb.dep_ == "pcomp":
        return _subjects_of_gerund(verb, depth)
    if verb.dep_ in {"xcomp", "advcl"} and head.pos_ in {"ADJ", "NOUN"}:
        return subjects(head.head, depth + 1) if is_verb(head.head) else _possessors(head)
    return ()


def _subjects_of_gerund(verb: "Token", depth: int) -> tuple["Token", ...]:
    """Return who does what hangs on a preposition: "accused A of massing troops"."""
    governor = verb.head.head
    if verb.head.lower_ == "of" and lemma(governor) in _CHARGED and objects(governor):
        return objects(governor)
    if is_verb(governor):
        return subjects(governor, depth + 1)
    return _possessors(governor)


def _subjects_of_acl(verb: "Token", depth: int) -> tuple["Token", ...]:
    """Return who does what hangs on a noun: "troops crossing A", "his pledge to meet B"."""
    noun = verb.head
    if verb.tag_ == "VB" and noun.dep_ == "dobj" and lemma(noun.head) in _UPTAKE:
        return subjects(noun.head, depth + 1)  # "accepted an invitation to meet"
    told = verb.tag_ == "VBD" and noun.dep_ == "ROOT"  # "Envoys dined ...": as if "who" stood there
    return (noun,) if told or verb.tag_ == "VBG" else _possessors(noun)


def _first_name(token: "Token") -> bool:
    """Return whether the parse took a name apart: both words of it as subjects."""
    after = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else token
    same = after.head == token.head and after.dep_ == token.dep_
    return after.i != token.i and same and token.pos_ == after.pos_ == "PROPN"


def noun_before(verb: "Token") -> "Token | None":
    """Return the noun right before a finite verb that the parse gave no subject.

    "as a number of guards fled": the parse hangs "guards" on "as".
    """
    index = verb.i - 1
    while index > verb.sent.start and verb.doc[index].pos_ in {"ADV", "AUX"}:
        index -= 1
    noun = verb.doc[index]
    if noun.pos_ not in {"NOUN", "PROPN"}:
        return None
    while noun.dep_ in {"pobj", "compound"} and noun.head.i < verb.i:
        up = noun.head.head if noun.dep_ == "pobj" else noun.head
        if noun.dep_ == "pobj" and noun.head.lower_ != "of" or up.pos_ not in {"NOUN", "PROPN"}:
            break
        noun = up
    return noun


def _possessors(noun: "Token") -> tuple["Token", ...]:
    """Return whose a noun is."""
    return tuple(child for child in noun.children if child.dep_ == "poss")


def _passive_subjects(verb: "Token") -> tuple["Token", ...]:
    own = {"nsubj", "nsubjpass"} if _headline_passive(verb) else {"nsubjpass"}
    return tuple(antecedent(c) for c in verb.children if c.dep_ in own)


def objects(verb: "Token") -> tuple["Token", ...]:
    """Return the logical objects: whom or what it is done to."""
    if is_passive(verb):
        found = _passive_subjects(verb)
        if not found and verb.dep_ in {"acl", "relcl"}:
            return (verb.head,)
        if not found and verb.dep_ == "conj" and is_verb(verb.head):
            return _passive_subjects(verb.head)
        return found
    hit = [c for c in verb.children if c.dep_ in {"dobj", "dative"} and c.pos_ != "ADP"]
    if hit:  # "met A and, separately, B": the parse hangs B on the verb
        joined = (c for c in verb.children if c.dep_ == "conj" and c.i > hit[-1].i)
        hit += [c for c in joined if c.pos_ in {"NOUN", "PROPN"}]
    return tuple(hit) or _shared_objects(verb)


def _shared_objects(verb: "Token") -> tuple["Token", ...]:
    """Return what a verb and the one joined to it have in common: "shot and wounded two rebels"."""
    if any(c.dep_ in {"prep", "advmod", "prt", "xcomp", "ccomp"} for c in verb.children):
        return ()
    for other in verb.children:
        if other.dep_ == "conj" and is_verb(other) and other.tag_ == verb.tag_:
            if not any(c.dep_ in {"nsubj", "nsubjpass"} for c in other.children):
                return tuple(c for c in other.children if c.dep_ == "dobj")
    return ()


def adpositions(token: "Token") -> Iterator[tuple[str, "Token"]]:
    """Yield (preposition, object) of what hangs on a token, chains ("out of", "up to") joined."""
    for child in token.children:
        if child.dep_ not in {"prep", "agent", "dative"} or child.pos_ not in {
            "ADP",
            "SCONJ",
            "VERB",
        }:
            continue
        again = [c for c in child.children if c.dep_ == "conj" and c.lower_ == child.lower_]
        for preposition in (child, *again):  # "of A and of B"
            if preposition is not child and any(c.dep_ == "neg" for c in preposition.children):
                continue
            for grandchild in preposition.children:
                if grandchild.dep_ in {"pobj", "pcomp"}:
                    yield child.lower_, grandchild
                elif grandchild.dep_ == "prep":
                    for last in grandchild.children:
                        if last.dep_ == "pobj":
                            yield grandchild.lower_, last


def clause_of(token: "Token") -> "Token":
    """Return the verb that heads the clause of a token."""
    current = token
    while current.head.i != current.i:
        if is_verb(current) and current.dep_ in _CLAUSE_DEPS:
            break
        current = current.head
    return current


def clause_words(token: "Token") -> frozenset[str]:
    """Return the lemmas of the clause that a token stands in, subordinate clauses left out."""
    top = clause_of(token)
    found: set[str] = set()
    stack = [top]
    while stack:
        current = stack.pop()
        found.update((lemma(current), current.lower_))
        for child in current.children:
            finite = is_verb(child) and child.dep_ in {
                "ccomp",
                "advcl",
                "relcl",
                "conj",
                "parataxis",
            }
            if not finite:
                stack.append(child)
    return frozenset(found)


def ancestors_in_clause(token: "Token", limit: int = 8) -> Iterator["Token"]:
    """Yield a token and what it hangs on, up to the verb of its clause (included)."""
    current = token
    for _ in range(limit):
        yield current
        if current.head.i == current.i or (is_verb(current) and current.dep_ in _CLAUSE_DEPS):
            return
        current = current.head
