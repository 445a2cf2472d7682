"""Fit the weights of geomap/gazetteer/spelling.py.

    python scripts/fit_spelling.py GAZETTEER

GAZETTEER is a file of `geomap gazetteer build`. Three kinds of names are asked for: an alternate
name of a place, as if the gazetteer did not have it; a main name mistyped in one letter; a name
made of syllables that means nothing. For each, the stored names that may be meant are collected,
and a conditional logit model ("this place, that one, or none") is fitted to tell which is. The
second half of the names is scored with weights fitted to the first; printed are the weights fitted
to all. Needs scipy.
"""

import argparse
import math
import random
import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from geomap.gazetteer import Gazetteer, distance_km, spelling, store
from geomap.names import fold

NAMES = list(spelling.WEIGHTS)
PROMINENT = 3000
ASKED = 1800
COUNTRIES = "'AF', 'IQ', 'IR', 'PK', 'QA', 'SY', 'TJ', 'TM', 'UA', 'UZ'"
"""Whose places are asked for: countries that the file should have down to the villages."""
TYPED = "aeioulnrstkmdbh"
ONSETS = "b d f g k kh l m n p q r s sh t v z zh h j ch gh br dr kr tr".split()
VOWELS = "a e i o u a a".split()
CODAS = "n r l m sh k z t v b rd nd rg st".split()
ENDINGS = "abad an grad kala shahr dih ovo ka in ak stan qul vand ar".split()


class Case(NamedTuple):
    """A name that was asked for, and what the gazetteer offers.

    ``values`` has a row for each candidate and a column for each weight; ``right`` marks those
    that are the place meant; ``ids`` are their places.
    """

    kind: str
    values: np.ndarray
    right: np.ndarray
    ids: list[str]


def asked(gazetteer: Gazetteer, chance: random.Random) -> Iterator[tuple[str, str, str | None]]:
    """Yield kind, folded name and the id of the place that is meant."""
    query = f"""SELECT key, place, p.name, p.population FROM name
        JOIN place AS p ON n = place JOIN area ON area.id = area
        WHERE kind = 0 AND rank & 3 = 0 AND p.names >= 3 AND country IN ({COUNTRIES})"""
    by_place: dict[int, list[tuple[str, int, str, int]]] = {}
    for row in gazetteer._database.execute(query):
        by_place.setdefault(row[1], []).append(row)
    groups = [
        [v for v in by_place.values() if (v[0][3] > PROMINENT) is big] for big in (True, False)
    ]
    for big, group in zip(("known", "small"), groups, strict=True):
        chance.shuffle(group)
        for rows in group[:ASKED]:
            key, n, name, _ = chance.choice(rows)
            if len(gazetteer.lookup(key)) == 1:
                yield f"{big}, another name", key, f"geonames:{n}"
            typed = mistyped(fold(name), chance)
            if chance.random() < 0.4 and typed and not gazetteer.contains(typed):
                yield f"{big}, mistyped", typed, f"geonames:{n}"
    for _ in range(400):
        name = "".join(
            chance.choice(ONSETS) + chance.choice(VOWELS) + chance.choice([*CODAS, *[""] * 14])
            for _ in range(chance.choice((2, 2, 3, 3)))
        )
        if chance.random() < 0.4:
            name += chance.choice(ENDINGS)
        if len(name) > 5 and not gazetteer.contains(name):
            yield "invented", name, None


def mistyped(key: str, chance: random.Random) -> str:
    """Return a name with one letter left out, put in, replaced, swapped or doubled."""
    if len(key) < 5:
        return ""
    at = chance.randrange(1, len(key))
    before, char, after = key[:at], key[at], key[at + 1 :]
    return chance.choice(
        (
            before + after,
            before + chance.choice(TYPED) + char + after,
            before + chance.choice(TYPED) + after,
            before[:-1] + char + before[-1] + after,
            before + char + char + after,
        )
    )


def case(gazetteer: Gazetteer, kind: str, key: str, meant: str | None) -> Case:
    """Collect what the gazetteer offers for a name that it is told it does not have."""

    def without(query: str, values: object) -> list[tuple[str]]:
        return [row for row in gazetteer._rows(query, values) if row[0] != key]  # type: ignore[arg-type]

    place = gazetteer.get(meant).place if meant else None  # type: ignore[union-attr]
    values, right, ids = [], [], []
    for found in spelling.similar(key, without):
        one, other = spelling.sound(key), spelling.sound(found.key)
        measured = spelling.features(one, other, alike=found.match != "fuzzy")
        if measured is None:  # the same but for articles and the usual words
            continue
        apart = measured.pop("weight_apart")
        for rank, n, _ in gazetteer._names(found.key, found.code):
            prominence, main, _ = store.unranked(rank)
            entry = gazetteer._entries([n])[n]
            row = {
                **measured,
                "main": main > 0,
                "weight": prominence,
                "weight_apart": apart * prominence,
            }
            values.append([float(row.get(name, 0)) for name in NAMES])
            twin = (
                place is not None
                and place.latitude is not None
                and distance_km(place.latitude, place.longitude or 0, entry.place) < 10
            )
            right.append(entry.place.id == meant or twin)
            ids.append(entry.place.id)
    shape = (len(values), len(NAMES))
    return Case(kind, np.array(values, float).reshape(shape), np.array(right, bool), ids)


def fit(cases: list[Case]) -> np.ndarray:
    """Return the weights, and that of "none" last."""
    sizes = [len(case.values) for case in cases]
    owner = np.repeat(np.arange(len(cases)), sizes)
    values = np.vstack([case.values for case in cases])
    right = np.concatenate([case.right for case in cases])
    known = np.bincount(owner, right, len(cases)) > 0
    counts = np.array([4.0 if c.kind == "invented" else 0.3 if "small" in c.kind else 1.0
                       for c in cases])  # fmt: skip
    counts /= counts.sum()

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        score, none = values @ weights[:-1], weights[-1]
        top = np.full(len(cases), none)
        np.maximum.at(top, owner, score)
        shares, none_share = np.exp(score - top[owner]), np.exp(none - top)
        total = none_share + np.bincount(owner, shares, len(cases))
        good = np.bincount(owner, shares * right, len(cases))
        chosen = np.where(known, good, none_share) + 1e-12
        wanted = np.where(known[owner], shares * right / chosen[owner], 0.0)
        pull = counts[owner] * (shares / total[owner] - wanted)
        slope = values.T @ pull + 0.01 * weights[:-1]
        slope_none = (counts * (none_share / total - ~known)).sum()
        value = -(counts * np.log(chosen / total)).sum() + 0.005 * (weights[:-1] @ weights[:-1])
        return value, np.append(slope, slope_none)

    start = np.zeros(len(NAMES) + 1)
    found: np.ndarray = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return found


def report(cases: list[Case], weights: np.ndarray) -> None:
    """Print how many names find the right place first, and how many find any."""
    for kind in sorted({case.kind for case in cases}):
        first = found = 0
        group = [case for case in cases if case.kind == kind]
        for item in group:
            shares: dict[str, float] = {}
            for score, place in zip(item.values @ weights[:-1], item.ids, strict=True):
                shares[place] = shares.get(place, 0.0) + math.exp(score)
            none = math.exp(weights[-1])
            if shares and sum(shares.values()) / (sum(shares.values()) + none) >= spelling.LEAST:
                found += 1
                best = max(shares, key=lambda place: shares[place])
                first += any(
                    r for r, place in zip(item.right, item.ids, strict=True) if place == best
                )
        print(f"{kind:22} {len(group):5}  right first {first / len(group):.3f}"
              f"  any found {found / len(group):.3f}")  # fmt: skip


def main() -> None:
    """Fit, score and print."""
    parser = argparse.ArgumentParser(description=re.sub(r"\n.*", "", __doc__ or "", flags=re.S))
    parser.add_argument("gazetteer")
    gazetteer = Gazetteer.open(parser.parse_args().gazetteer)
    chance = random.Random(7)
    cases = [case(gazetteer, *name) for name in list(asked(gazetteer, chance))]
    chance.shuffle(cases)
    half = len(cases) // 2
    report(cases[half:], fit(cases[:half]))
    for name, weight in zip([*NAMES, "none"], fit(cases), strict=True):
        print(f"{name:16} {weight:6.2f}")


if __name__ == "__main__":
    main()
