"""Figures of speech: words of fighting and meeting in sport, markets, games and moods.

"The umpires met with a storm of whistles" and "the visitors bombarded the goal" are no events. A
sentence with words of sport, or one in an article about sport, has events only where it also has
words of what sport does not have: police, wounded, bombs.
"""

from typing import TYPE_CHECKING

from geomap.events.syntax import adpositions, is_passive, is_verb, lemma, objects, subjects
from geomap.events.triggers import Trigger

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

__all__ = ["figurative", "is_sporting"]

_SPORT = {
    "match", "game", "coach", "league", "goal", "goalkeeper", "semi-final", "semifinal",
    "half-time", "champion", "championship", "chess", "bishop", "referee", "umpire", "tournament",
    "striker", "midfield", "midfielder", "defender", "baseball", "football", "cricket",
    "handball", "rugby", "trophy", "playoff", "play-off", "quarter-final", "derby", "wicket",
    "innings", "batsman", "bowler", "sprinter", "marathon", "cyclist", "jockey", "racing",
    "boxer", "knockout", "pawn", "fixture", "kick-off", "penalty", "scoreline", "teammate",
    "final", "woodwork", "armband", "medal", "season-ticket", "relegation", "fan", "spectator",
    "volleyball", "basketball", "tennis", "wrestler", "checkmate", "defence-man", "scorer",
    "shot-stopper", "equaliser", "winger", "overtime", "quintet", "forehand", "playmaker",
    "semifinalist", "scoresheet", "pitch", "snowball", "goalless",
}  # fmt: skip
_CLEAR = _SPORT - {
    "goal", "game", "final", "fan", "match", "defender", "bishop", "champion", "coach", "penalty",
    "spectator", "racing", "knockout", "medal",
}  # fmt: skip
_EARNEST = {
    "police", "wound", "injure", "bomb", "bomber", "explosion", "grenade", "troop", "dead", "tear",
    "hospital", "gunman", "arrest", "policeman", "militant", "death", "blast", "rifle", "gunfire",
    "protester", "ministry", "soldier", "rebel", "envoy",
}  # fmt: skip
_PLAY = {"conflict", "border_clashes", "diplomatic_venues", "unrest"}
# What is met without a meeting.
_MET = {
    "resistance", "criticism", "news", "defeat", "whistle", "storm", "fact", "silence", "demand",
    "target", "shrug", "applause", "protest", "approval", "scepticism", "skepticism", "need",
    "end", "challenge", "opposition", "expectation", "goal", "deadline", "condition",
    "obligation", "death", "fate", "obstacle", "failure", "success", "refusal", "indifference",
    "cost", "criterion", "half", "ridicule", "anger", "boo", "standard", "quota", "price",
    "difficulty", "delay", "disapproval",
}  # fmt: skip
_TALKERS = {
    "minister", "president", "envoy", "delegation", "official", "leader", "ambassador",
    "diplomat", "negotiator", "premier", "side", "party", "government", "chief", "representative",
    "secretary", "counterpart", "mediator", "commander", "king", "prince", "chancellor",
    "governor", "general", "delegate", "group", "council", "committee", "team", "commissioner",
    "officer", "rebel", "state", "authority", "army", "elder", "senator", "lawmaker", "rival",
    "member", "faction", "country", "neighbour", "neighbor", "power", "bloc", "head", "two",
    "both", "three", "they", "he", "she", "emir", "we", "queen", "pope", "coalition", "union",
    "deputy", "who", "guard", "colleague", "aide", "foe", "force", "consul", "adviser", "advisor",
    "parliament", "commission", "mission", "mayor", "one", "them", "him", "her", "other", "talk",
    "four", "five", "ally", "opponent",
}  # fmt: skip
# What is fought over, attacked or captured without anybody being hurt.
_ABSTRACT = {
    "price", "prize", "heart", "fee", "allowance", "cylinder", "height", "fare", "budget", "tax",
    "room", "mood", "imagination", "attention", "tariff", "wage", "law", "bill", "policy", "plan",
    "proposal", "inflation", "disease", "cancer", "poverty", "corruption", "fire", "blaze", "virus",
    "share", "audience", "record", "title", "medal", "vote", "election", "ruling",
    "charge", "extradition", "addiction", "climate", "spirit", "essence", "moment", "image",
    "goal", "star", "crown", "cup", "champion", "customer", "list", "nomination", "survival",
    "seat", "quintet", "eleven", "opera", "novel",
}  # fmt: skip
# What rises and falls on an exchange.
_MARKETS = {
    "share", "stock", "index", "bond", "currency", "peso", "dollar", "euro", "yen", "franc",
    "shilling", "rupee", "rouble", "ruble", "lira", "pound", "yuan", "rand", "bull", "bear",
    "investor", "future", "gold", "copper", "oil", "yield", "equity",
}  # fmt: skip
_TRADED = {
    "exchange",
    "bourse",
    "dollar",
    "market",
    "share",
    "index",
    "trading",
    "percent",
    "point",
}
# What kills and hits without anybody's will.
_NATURE = {
    "storm", "flood", "earthquake", "quake", "landslide", "typhoon", "cyclone", "hurricane",
    "lightning", "avalanche", "tornado", "wave", "mudslide", "volcano", "heatwave", "drought",
    "virus", "cholera", "famine", "rain", "locust", "crocodile", "elephant", "shark",
}  # fmt: skip
_CONTESTS = {"contest", "match", "game", "election", "vote", "debate", "race", "show", "final",
             "poll", "primary", "derby", "sale", "concert"}  # fmt: skip
# What somebody comes "under fire" for.
_BLAME = {
    "remark", "comment", "handling", "decision", "failure", "silence", "plan", "record", "speech",
    "response", "tweet", "joke", "policy", "statement", "move", "choice",
}  # fmt: skip
_MANY = {"explosion", "barrage", "bombardment", "salvo", "blast", "hail", "rain", "siege", "battle",
         "clash", "fusillade", "onslaught", "assault", "volley", "riot"}  # fmt: skip
_IDEAS = {
    "interest", "complaint", "number", "question", "criticism", "word", "view", "opinion", "idea",
    "will", "colour", "color", "growth", "demand", "joy", "anger", "laughter", "applause", "sale",
    "price", "wit", "nerve", "tactic", "email", "message", "advertisement", "culture",
    "civilization", "civilisation", "personality", "style", "data", "tourism", "flavour", "flower",
    "creativity", "abuse", "insult", "tweet", "call", "letter", "cost", "case", "debt",
    "scent", "taste", "wits", "sex", "band", "dance", "music", "energy", "attention",
    "enthusiasm", "passenger", "user", "visitor",
}  # fmt: skip
_VERBS = {"clash", "fight", "attack", "capture", "fire", "battle", "storm", "bombard", "target",
          "hit", "strike"}  # fmt: skip
_SHARE = 0.34


def is_sporting(doc: "Doc") -> bool:
    """Return whether an article is about sport: many of its sentences have words of it."""
    sentences = list(doc.sents)
    count = sum(any(t.lemma_ in _SPORT for t in sentence) for sentence in sentences)
    return len(sentences) > 2 and count >= _SHARE * len(sentences)


def figurative(trigger: Trigger, sporting: bool) -> bool:
    """Return whether a trigger is a figure of speech.

    Parameters
    ----------
    trigger
        The event's words.
    sporting
        Whether the article is about sport.
    """
    if trigger.event_class.layer not in _PLAY:
        return False
    if _denied_name(trigger) or _met_nobody(trigger) or _of_ideas(trigger):
        return True
    if _of_no_one(trigger) or _plenty(trigger):
        return True
    words = trigger.around.words
    if sporting or (words & _SPORT and _of_sport(trigger.token.sent)):
        return not words & _EARNEST
    return False


def _of_sport(sentence: "Span") -> bool:
    """Return whether a sentence has two words of sport, or one that is nothing else."""
    found = {lemma(t) for t in sentence if t.pos_ != "PROPN"} & _SPORT
    return len(found) > 1 or bool(found & _CLEAR)


def _met_nobody(trigger: Trigger) -> bool:
    """Return whether "met" has an object that is nobody, or nobody of the state meets anybody."""
    verb = trigger.token
    if lemma(verb) != "meet" or trigger.event_class.name != "diplomatic_meeting":
        return False
    behind = [t for child in verb.children if child.lower_ == "with" for t in child.children]
    done_to = [*objects(verb), *behind]
    if any(lemma(t) in _MET for t in done_to):
        return True
    adverbs = {c.lower_ for c in verb.children if c.dep_ == "advmod"}
    if "halfway" in adverbs:
        return True
    return not any(_talks(t) for t in [*subjects(verb), *done_to])


def _of_ideas(trigger: Trigger) -> bool:
    """Return whether what is fought over, attacked or captured is no thing: "fought a new fee"."""
    verb = trigger.token
    if not is_verb(verb) or lemma(verb) not in _VERBS or trigger.event_class.layer == "other":
        return False
    hit = [t for t in objects(verb) if not is_passive(verb)]
    about = [t for word, t in adpositions(verb) if word in {"over", "for", "on", "against"}]
    return any(lemma(t) in _ABSTRACT for t in [*hit, *about])


def _plenty(trigger: Trigger) -> bool:
    """Return whether a noun only says how many: "an explosion of interest"."""
    noun = trigger.token
    if is_verb(noun) or lemma(noun) not in _MANY:
        return False
    of = [t for word, t in adpositions(noun) if word == "of"]
    return any(lemma(t) in _IDEAS or t.tag_ == "VBG" for t in of)


def _of_no_one(trigger: Trigger) -> bool:
    """Return whether markets, weather or critics do it: "shares retreated", "a storm killed"."""
    verb = trigger.predicate
    if not is_verb(verb) or trigger.event_class.layer == "diplomatic_venues":
        return False
    doers = {lemma(t) for t in subjects(verb)}
    if doers & _NATURE and verb.i == trigger.token.i:
        return True
    if doers & _MARKETS and (trigger.around.words & _TRADED or not objects(verb)):
        return True
    if not is_verb(trigger.token):
        return trigger.token.dep_ == "attr" and bool(doers & _CONTESTS)
    if any(lemma(word) == "fire" for word in trigger.words):
        blamed = (t for word, t in adpositions(verb) if word in {"for", "over"})
        return any(lemma(t) in _BLAME or is_verb(t) for t in blamed)
    return False


def _talks(token: "Token") -> bool:
    """Return whether a noun stands for somebody who may negotiate."""
    words = [token, *token.conjuncts, *(c for c in token.children if c.dep_ == "appos")]
    return any(t.pos_ == "PROPN" or lemma(t) in _TALKERS or t.ent_type_ for t in words)


def _denied_name(trigger: Trigger) -> bool:
    """Return whether something is only said not to be called so: "a message, not an attack"."""
    token = trigger.token
    if is_verb(token):
        return False
    if token.dep_ == "attr" and trigger.event_class.name == "coup":
        if trigger.support is None or any(c.lower_ == "for" for c in token.children):
            return True  # "was a coup for the side"
    if token.dep_ == "attr" and lemma(token.head) == "be":
        nobody = any(c.lower_ in {"none", "nothing", "neither"} for c in token.head.children)
        existing = any(c.dep_ == "expl" for c in token.head.children)
        return nobody or (not existing and any(c.dep_ == "neg" for c in token.head.children))
    before = [t.lower_ for t in token.doc[max(token.sent.start, token.i - 3) : token.i]]
    return token.dep_ == "conj" and "not" in before
