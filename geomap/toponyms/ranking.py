"""What speaks for each place that a name may mean: numbers for the trained ranker.

The document decides: which countries and divisions its other names may lie in, which of them it
names outright, how far the surest of them are.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from geomap.toponyms.places import Option
from geomap.toponyms.spans import Candidate

__all__ = ["Numbers", "Scene", "rank_features", "scene_of"]

Numbers = dict[str, float]
"""Numbers by the names that the trained model knows them by."""
_NEAR_KM = (50.0, 150.0, 500.0)
_CODES = ("PCLI", "ADM1", "ADM2", "ADM3", "PPLC", "PPLA", "PPLA2", "PPLA3", "PPL", "PPLX", "CONT",
          "RGN")  # fmt: skip
_HOWS = ("name", "people", "short", "division", "bare", "spelled")
_KINDS = ("city", "country", "division", "region", "crossing", "line", "venue", "site")
_CUES = {
    "county": ("ADM2",), "parish": ("ADM2",), "district": ("ADM2", "ADM3"),
    "province": ("ADM1", "ADM2"), "state": ("ADM1",), "region": ("ADM1", "RGN"),
    "governorate": ("ADM1",), "oblast": ("ADM1",), "township": ("ADM3", "PPL"),
    "city": ("PPL", "PPLA", "PPLA2", "PPLC"), "town": ("PPL", "PPLA2", "PPLA3"),
    "village": ("PPL",),
}  # fmt: skip


@dataclass(slots=True)
class Anchor:
    """A place that another name of the document may mean, and how sure that is."""

    latitude: float
    longitude: float
    share: float
    name: int


@dataclass(slots=True)
class Scene:
    """What the names of a document say together, each distinct name once.

    ``countries`` and ``divisions`` hold, by name, the share of its options that lies there.
    """

    names: dict[str, int] = field(default_factory=dict)
    countries: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    divisions: dict[tuple[str, str], dict[int, float]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    second: dict[tuple[str, str, str], dict[int, float]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    named_countries: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    named_divisions: dict[tuple[str, str], float] = field(
        default_factory=lambda: defaultdict(float)
    )
    anchors: list[Anchor] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)


def shares(options: Sequence[Option], scores: Sequence[float] | None = None) -> list[float]:
    """Return the share of each option: of scores that are probabilities, else of prominence."""
    if scores is not None:
        return list(scores)
    top = max(option.weight for option in options)
    powers = [10 ** (option.weight - top) for option in options]
    total = sum(powers)
    return [power / total for power in powers]


def scene_of(
    found: Sequence[Candidate], scores: Sequence[Sequence[float] | None] | None = None
) -> Scene:
    """Return what the candidates of a document say together.

    Parameters
    ----------
    found
        The names, with the probability that they are place names.
    scores
        Of each name the probabilities of its options, from a first pass; None: prominence alone.
    """
    scene = Scene()
    anchors: dict[tuple[float, float, int], Anchor] = {}
    for at, candidate in enumerate(found):
        if not candidate.options:
            continue
        own = shares(candidate.options, scores[at] if scores is not None else None)
        name = scene.names.setdefault(candidate.key, len(scene.names))
        if name == len(scene.weights):
            scene.weights.append(0.0)
        sure = candidate.probability
        scene.weights[name] = max(scene.weights[name], sure)
        for option, share in zip(candidate.options[:60], own, strict=False):
            entry, place = option.entry, option.entry.place
            country = place.country
            if country is None:
                continue
            here = scene.countries[country]
            here[name] = max(here.get(name, 0.0), share * sure)
            if entry.kind == "country":
                scene.named_countries[country] += share * sure
            elif entry.admin1_code:
                key = (country, entry.admin1_code)
                there = scene.divisions[key]
                there[name] = max(there.get(name, 0.0), share * sure)
                if place.feature_code == "ADM1":
                    scene.named_divisions[key] += share * sure
                elif entry.admin2_code:
                    second = scene.second[(*key, entry.admin2_code)]
                    second[name] = max(second.get(name, 0.0), share * sure)
            if share > 0.2 and place.latitude is not None and entry.kind not in ("country",):
                if place.feature_code not in ("ADM1", "CONT", "RGN"):
                    anchor = Anchor(place.latitude, place.longitude or 0.0, share * sure, name)
                    spot = (anchor.latitude, anchor.longitude, name)
                    known = anchors.setdefault(spot, anchor)
                    known.share = max(known.share, anchor.share)
    scene.anchors = list(anchors.values())
    return scene


def rank_features(
    candidate: Candidate,
    scene: Scene,
    behind: Candidate | None,
    before: Candidate | None,
    words: tuple[str, str],
) -> list[Numbers]:
    """Return numbers for each option of a name.

    Parameters
    ----------
    candidate
        The name.
    scene
        Of the document.
    behind, before
        The names right behind a comma after it, and right before a comma before it.
    words
        The word behind the name, and the one before an "of" in front of it, in lower case.
    """
    opts = candidate.options
    if not opts:
        return []
    own = scene.names.get(candidate.key, -1)
    anchors = [anchor for anchor in scene.anchors if anchor.name != own]
    parents, parts = _regions(behind), _regions(before)
    points = [(o.entry.place.latitude, o.entry.place.longitude, o.entry.kind) for o in opts]
    rows = []
    for at, (option, numbers) in enumerate(zip(opts, _own_numbers(candidate, words), strict=True)):
        place, kind = option.entry.place, option.entry.kind
        rows.append(
            numbers
            | _scene_numbers(option, scene, own)
            | _distances(place.latitude, place.longitude, anchors)
            | {
                "parent_behind": _inside(option, parents),
                "part_before": _holds(option, before) if before is not None else 0,
                "behind_part": _inside(option, parts),
                "twin": _twin(at, points, kind),
            }
        )
    return rows


def _own_numbers(candidate: Candidate, words: tuple[str, str]) -> Iterator[Numbers]:
    """Yield what the name and the gazetteer say of each option."""
    opts = candidate.options
    prior = shares(opts)
    most = max(o.entry.population for o in opts)
    most_named = max((o.entry.population for o in opts if o.how == "name" and o.primary), default=0)
    cue = _CUES.get(words[0]) or _CUES.get(words[1]) or ()
    for at, option in enumerate(opts):
        entry, code = option.entry, option.entry.place.feature_code or ""
        other_code = 20 if code.startswith("PPL") else 21
        yield {
            "weight": option.weight,
            "population": math.log10(entry.population + 1),
            "names": math.log10(entry.name_count + 1),
            "primary": option.primary,
            "same_spelling": entry.place.name == candidate.text,
            "position": at,
            "prior": prior[at],
            "options": math.log1p(len(opts)),
            "most": entry.population == most and most > 0,
            "most_named": option.primary and entry.population == most_named and most_named > 0,
            "less": math.log10((most + 1) / (entry.population + 1)),
            "how": _HOWS.index(option.how),
            "kind": _KINDS.index(entry.kind),
            "code": _CODES.index(code) if code in _CODES else other_code,
            "own": entry.own_name,
            "cue": (code in cue) - bool(cue and code not in cue),
            "span": candidate.probability,
            "upper": candidate.text.isupper(),
            "period": candidate.text.endswith("."),
            "words": candidate.last - candidate.first,
            "label_gpe": candidate.label == "GPE",
            "label_loc": candidate.label in ("LOC", "FAC"),
            "label_org": candidate.label == "ORG",
        }


def _scene_numbers(option: Option, scene: Scene, own: int) -> Numbers:
    """Return what the document's other names say of an option."""
    entry, code = option.entry, option.entry.place.feature_code
    country = entry.place.country or ""
    first = (country, entry.admin1_code or "")
    second = (*first, entry.admin2_code or "")
    total = sum(w for i, w in enumerate(scene.weights) if i != own) or 1e-9
    divisions = scene.divisions.get(first) if first[1] else None
    named = scene.named_countries.get(country, 0.0) if entry.kind != "country" else 0.0
    named_first = scene.named_divisions.get(first, 0.0) if code != "ADM1" else 0.0
    return {
        "country_share": _sum_but(scene.countries.get(country), own) / total,
        "division_share": _sum_but(divisions, own) / total,
        "second_share": _sum_but(scene.second.get(second) if second[2] else None, own) / total,
        "country_names": _count_but(scene.countries.get(country), own),
        "division_names": _count_but(divisions, own),
        "country_named": min(named, 5.0),
        "division_named": min(named_first, 5.0),
        "names_total": total,
    }


def _sum_but(shares_: dict[int, float] | None, own: int) -> float:
    return sum(v for k, v in shares_.items() if k != own) if shares_ else 0.0


def _count_but(shares_: dict[int, float] | None, own: int) -> float:
    return sum(1 for k, v in shares_.items() if k != own and v > 0.1) if shares_ else 0.0


def _regions(
    candidate: Candidate | None,
) -> tuple[set[str], set[tuple[str, str]], set[tuple[str, str, str]]]:
    """Return the countries and divisions that a name may be."""
    countries: set[str] = set()
    first: set[tuple[str, str]] = set()
    second: set[tuple[str, str, str]] = set()
    for option in candidate.options[:20] if candidate is not None else ():
        place, entry = option.entry.place, option.entry
        if entry.kind == "country" and place.country:
            countries.add(place.country)
        elif place.feature_code == "ADM1" and place.country and entry.admin1_code:
            first.add((place.country, entry.admin1_code))
        elif place.feature_code == "ADM2" and place.country and entry.admin2_code:
            second.add((place.country, entry.admin1_code or "", entry.admin2_code))
    return countries, first, second


def _inside(
    option: Option, regions: tuple[set[str], set[tuple[str, str]], set[tuple[str, str, str]]]
) -> int:
    countries, first, second = regions
    entry, place = option.entry, option.entry.place
    if not (countries or first or second):
        return 0
    here = (place.country or "", entry.admin1_code or "")
    if (*here, entry.admin2_code or "-") in second and place.feature_code != "ADM2":
        return 3
    if here in first and place.feature_code != "ADM1":
        return 3
    if place.country in countries and entry.kind != "country":
        return 2
    return -1


def _holds(option: Option, part: Candidate) -> int:
    """Whether an option is a division or country that a place of the name before it lies in."""
    entry, place = option.entry, option.entry.place
    for small in part.options[:30]:
        other, there = small.entry, small.entry.place
        if there.country != place.country or there.id == place.id:
            continue
        if place.feature_code == "ADM1" and other.admin1_code == entry.admin1_code:
            return 2
        if entry.kind == "country" and other.kind != "country":
            return 1
    return -1 if entry.kind in ("country", "division") else 0


def _distances(
    latitude: float | None, longitude: float | None, anchors: Sequence[Anchor]
) -> dict[str, float]:
    """Return the distance to the nearest sure place, and how much lies near."""
    least, near = 20_000.0, [0.0, 0.0, 0.0]
    if latitude is not None and longitude is not None:
        cos = math.cos(math.radians(latitude))
        best: dict[tuple[int, int], float] = {}
        for anchor in anchors:
            x = (anchor.longitude - longitude + 180) % 360 - 180
            km = 111.2 * math.hypot(anchor.latitude - latitude, x * cos)
            if anchor.share > 0.3:
                least = min(least, km)
            for i, limit in enumerate(_NEAR_KM):
                if km <= limit:
                    key = (i, anchor.name)
                    best[key] = max(best.get(key, 0.0), anchor.share)
        for (i, _), share in best.items():
            near[i] += share
    return {
        "nearest": math.log10(least + 1),
        "near50": near[0],
        "near150": near[1],
        "near500": near[2],
    }


def _twin(at: int, points: Sequence[tuple[float | None, float | None, str]], kind: str) -> int:
    """Whether another option is a record of the same place: 1 a division's town, 2 a town's."""
    latitude, longitude, _ = points[at]
    if latitude is None or longitude is None:
        return 0
    for i, (lat, lon, other) in enumerate(points):
        if i != at and lat is not None and lon is not None:
            if abs(lat - latitude) < 0.5 and abs(lon - longitude) < 0.7:
                if kind == "division" and other == "city":
                    return 1
                if kind == "city" and other == "division":
                    return 2
    return 0
