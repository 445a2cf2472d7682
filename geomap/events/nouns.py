"""Which nouns stand for somebody: organs of a state, armed people, civilians, and for nobody."""

__all__ = [
    "DIGNITARIES",
    "OFFICES",
    "ANAPHORS",
    "CIVIL",
    "CONTAINERS",
    "FACILITIES",
    "HAPPENINGS",
    "ORGANS",
    "REBELS",
    "SIDES",
    "SPOTS",
    "STATE_FORCES",
    "WEAPONS",
]

# Nouns whose members are named behind them: "delegations from A and B", "a number of guards".
CONTAINERS = {
    "delegation", "representative", "group", "number", "team", "member", "envoy", "side", "party",
    "round", "dozen", "hundred", "thousand", "handful", "majority", "part", "negotiator", "some",
    "many", "several", "most", "official", "leader",
}  # fmt: skip
# What happens is nobody: "the Paris attacks".
HAPPENINGS = {
    "attack", "bombing", "killing", "massacre", "shooting", "assault", "raid", "blast", "explosion",
    "battle", "clash", "protest", "riot", "coup", "murder", "siege", "strike", "talk", "meeting",
    "summit", "war", "fighting", "violence", "visit", "election", "agreement", "deal",
    "accord", "treaty", "pact", "ceasefire", "truce", "fire", "outcome", "result", "ruling",
    "decision", "attempt", "matter", "march", "issue", "verdict", "law", "plan", "move", "step",
    "reform", "statement", "charge", "criticism",
}  # fmt: skip
# What is attacked belongs to somebody: "the government's positions".
FACILITIES = {"position", "base", "post", "outpost", "convoy", "territory", "headquarters",
               "checkpoint", "camp", "stronghold"}  # fmt: skip
SPOTS = {
    "crossing", "border", "outskirt", "outskirts", "suburb", "town", "city", "village", "area",
    "line", "facility", "airport",
    "bridge", "port", "district", "province", "church", "hotel", "school", "mosque", "hospital",
    "building", "market", "house", "home", "plant", "depot", "target", "road", "highway", "street",
    "river", "valley", "coast", "sea", "island", "bank", "shop", "station", "pipeline", "warehouse",
    "refinery", "vehicle", "car", "truck", "mall", "railway", "soil", "neighbourhood",
    "neighborhood", "region", "mountain", "ship", "vessel", "tanker", "ferry", "freighter",
    "trawler", "forest", "desert", "farm", "field",
}  # fmt: skip
# What strikes is nobody either, unless it is somebody's: "drones struck the town".
WEAPONS = {
    "drone", "missile", "rocket", "shell", "bomb", "warplane", "jet", "gas", "pellet", "bullet",
    "artillery", "weapon", "stick", "stone", "rifle", "knife", "machete", "gun", "gunfire",
    "mortar", "mine", "landmine", "grenade", "aircraft", "plane", "helicopter", "fist",
}  # fmt: skip
SIDES = {"side", "party", "country", "neighbour", "neighbor", "nation", "state", "capital"}
ORGANS = {
    "government": "government", "administration": "government", "ministry": "government",
    "authority": "government", "cabinet": "government", "regime": "government",
    "official": "government", "minister": "government", "president": "government",
    "premier": "government", "chancellor": "government", "monarch": "government",
    "envoy": "government", "diplomat": "government", "ambassador": "government",
    "negotiator": "government", "spokesman": "government", "spokeswoman": "government",
    "delegation": "government", "parliament": "legislature", "lawmaker": "legislature",
    "army": "military", "military": "military", "troop": "military", "soldier": "military",
    "force": "military", "navy": "military", "guard": "military", "airforce": "military",
    "commander": "military", "general": "military", "pilot": "military", "warplane": "military",
    "jet": "military", "tank": "military", "patrol": "military", "unit": "military",
    "artillery": "military", "paratrooper": "military", "peacekeeper": "military",
    "police": "police", "policeman": "police", "gendarme": "police", "ranger": "military",
    "counterpart": "government", "withdrawal": "military", "officer": "military",
    "serviceman": "military", "secretary": "government", "court": "judiciary",
    "intelligence": "government",
}  # fmt: skip
STATE_FORCES = {"military", "police", "government"}
CIVIL = {
    "civilian", "resident", "villager", "refugee", "people", "staff", "worker", "employee",
    "student", "family", "migrant", "trader", "protester", "demonstrator", "teacher", "journalist",
    "herder", "farmer", "pilgrim", "woman", "child", "passenger",
}  # fmt: skip
REBELS = {"rebel", "militant", "insurgent", "fighter", "gunman", "militia", "separatist",
           "guerrilla", "jihadist", "militiaman"}  # fmt: skip
ANAPHORS = {"group", "its", "militant", "insurgent", "movement", "fighter"}
DIGNITARIES = {
    "judge", "emir", "king", "queen", "prince", "pope", "mayor", "lawyer", "activist", "officer",
    "princess", "sheikh", "cleric", "spokesman", "spokeswoman", "sultan", "premier", "emperor",
    "taoiseach", "monarch", "archbishop", "diplomat", "patriarch",
}  # fmt: skip
OFFICES = {
    "mediator", "negotiator", "envoy", "head", "leader", "representative", "delegate", "chief",
    "commissioner", "counterpart", "colleague", "deputy", "director", "secretary", "emissary",
    "consul", "governor", "commander", "co-chair", "host", "adviser", "coordinator", "official",
    "delegation", "minister", "ambassador", "president", "diplomat", "side", "government",
    "elder", "rebel", "group", "team", "party", "faction", "ally", "neighbour", "state", "other",
}  # fmt: skip
