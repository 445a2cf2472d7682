"""Frames: what the sentence does with a name. It places something there, or acts on it.

The rules and the trained models see the same.
"""

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

__all__ = ["TAKERS", "after_title", "is_placed", "is_target", "shown_place",
           "top_of"]  # fmt: skip

_PLACES = {
    "in", "at", "near", "around", "outside", "inside", "from", "to", "into", "toward", "towards",
    "via", "through", "across", "along", "over", "beyond", "within",
}  # fmt: skip
_PLACES_RIGHT_BEFORE = {"in", "at", "near", "outside", "inside"}
TAKERS = {
    "attack", "assault", "raid", "shell", "shelling", "bombard", "bombardment", "bomb", "bombing",
    "hit", "strike", "capture", "recapture", "retake", "seize", "seizure", "fall", "siege",
    "battle", "liberate", "liberation", "occupy", "occupation", "visit", "reach", "enter", "leave",
    "overrun", "storm", "airstrike", "mayor", "outskirt", "suburb", "town", "city", "village",
    "port", "besiege", "evacuate", "flee", "district", "resident", "people", "rock", "shake",
    "grip", "engulf", "pound", "batter",
}  # fmt: skip
"""What is done to towns: their names may be the object."""
# What is done to towns alone, never to a person: "clashes rocked Goma", "the town of Hit".
_TOWN_TAKERS = {
    "rock", "shake", "grip", "engulf", "pound", "batter", "besiege", "shell", "bombard",
    "recapture", "retake", "liberate", "overrun", "siege", "shelling", "bombardment", "airstrike",
    "outskirt", "town", "city", "village", "district", "suburb", "port", "mayor", "resident",
    "people",
}  # fmt: skip
_LEAVERS = {"withdraw", "withdrawal", "retreat"}
_WHERE = _PLACES_RIGHT_BEFORE | {"around"}
_TITLES = {
    "mr", "mr.", "mrs", "mrs.", "ms", "ms.", "dr", "dr.", "president", "minister", "general",
    "colonel", "sheikh", "king", "prince", "imam", "mullah", "ayatollah", "spokesman",
    "spokeswoman", "chairman", "secretary", "judge", "captain", "major",
}  # fmt: skip
_PARTS = {"compound", "conj", "appos", "nmod"}
_TOPS: "WeakKeyDictionary[Doc, list[int]]" = WeakKeyDictionary()


def top_of(root: "Token") -> "Token":
    """Return the first of what a token stands in a list or a compound with: "A, B and C"."""
    return root.doc[_tops(root.doc)[root.i]]


def _tops(doc: "Doc") -> list[int]:
    """Return the first word of each word's list, found once a document: lists can be long."""
    tops = _TOPS.get(doc)
    if tops is None:
        tops = [-1] * len(doc)
        for token in doc:
            path = []
            while tops[token.i] < 0 and token.dep_ in _PARTS and token.head.i != token.i:
                path.append(token.i)
                token = token.head
            top = tops[token.i] if tops[token.i] >= 0 else token.i
            for i in (*path, token.i):
                tops[i] = top
        _TOPS[doc] = tops
    return tops


def is_placed(name: "Span", top: "Token") -> bool:
    """Return whether a name is the object of a preposition of place.

    Parameters
    ----------
    name
        The name.
    top
        What :func:`top_of` gives for its root.
    """
    if top.dep_ == "pobj" and top.head.lower_ in _PLACES:
        return True
    before = name.doc[name.start - 1] if name.start else None
    return before is not None and before.lower_ in _PLACES_RIGHT_BEFORE


def is_target(top: "Token") -> bool:
    """Return whether a name is what is attacked, taken or visited: "the shelling of Goris".

    Parameters
    ----------
    top
        What :func:`top_of` gives for the name's root.
    """
    if top.dep_ in {"dobj", "nsubjpass"}:
        return _taken(top).lemma_.lower() in TAKERS
    if top.dep_ == "pobj" and top.head.lower_ in {"of", "on", "against"}:
        return _taken(top).lemma_.lower() in TAKERS
    return False


def shown_place(name: "Span", top: "Token") -> str | None:
    """Return why a name that the gazetteer knows can be nothing but a place; None: it may be.

    Parameters
    ----------
    name
        The name, all of an entity or outside any.
    top
        What :func:`top_of` gives for its root.
    """
    doc = name.doc
    behind = doc[name.end] if name.end < len(doc) else None
    if behind is not None and (behind.text[:1].isupper() or behind.text in {"'s", "’s"}):
        return None
    before = doc[name.start - 1].lower_ if name.start else ""
    if before == "-" and name.start > 1 and not doc[name.start - 2].ent_type_:
        return None  # the second half of a name, "the Ritz-Carlton"; not of "Bamako-Segou"
    if before in _WHERE or (top.dep_ == "pobj" and top.head.lower_ in _WHERE):
        return "the sentence places something there"
    if is_target(top) and (
        name[0].ent_type_ != "PERSON" or _taken(top).lemma_.lower() in _TOWN_TAKERS
    ):
        return "the sentence does something to it"
    if top.dep_ == "pobj" and top.head.lower_ == "from" and _taken(top).lemma_.lower() in _LEAVERS:
        return "the sentence says that somebody leaves it"
    return None


def _taken(top: "Token") -> "Token":
    """Return the word that a name is the object of."""
    return top.head.head if top.dep_ == "pobj" else top.head


def after_title(name: "Span") -> bool:
    """Return whether a name follows a person's title."""
    return bool(name.start) and name.doc[name.start - 1].lower_ in _TITLES
