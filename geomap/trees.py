"""Boosted decision trees from a plain file: what a trained model says of rows of numbers.

The trees are trained by scripts (``scripts/train_*.py``) with LightGBM, which is not needed to use
them: adding up the leaves is all that is left to do.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from geomap.errors import GeomapError

__all__ = ["Trees", "load_trees"]


class Trees:
    """A sum of decision trees.

    Parameters
    ----------
    data
        ``features``, the names of the columns; and ``trees``, each as lists of the features and
        thresholds of its nodes, of the nodes to the left (at most the threshold) and to the right,
        a leaf as the negative number of its place among the values, less one.
    """

    def __init__(self, data: dict[str, Any]) -> None:
        self.features: tuple[str, ...] = tuple(data["features"])
        feature: list[int] = []
        threshold: list[float] = []
        left: list[int] = []
        right: list[int] = []
        value: list[float] = []
        roots: list[int] = []
        for features, thresholds, lefts, rights, values in data["trees"]:
            base, nodes = len(feature), len(features)
            roots.append(base)
            feature += features + [0] * len(values)
            threshold += thresholds + [0.0] * len(values)
            value += [0.0] * nodes + values
            own = range(base + nodes, base + nodes + len(values))
            left += [base + i if i >= 0 else base + nodes + ~i for i in lefts] + list(own)
            right += [base + i if i >= 0 else base + nodes + ~i for i in rights] + list(own)
        self._feature = np.array(feature, np.int32)
        self._threshold = np.array(threshold)
        self._children = np.array([right, left], np.int32)
        self._value = np.array(value)
        self._roots = np.array(roots, np.int32)

    def probabilities(self, rows: Sequence[Mapping[str, float]]) -> list[float]:
        """Return the probability that the model gives each row.

        Parameters
        ----------
        rows
            Numbers by the names of :attr:`features`.
        """
        if not rows:
            return []
        table = np.array([[row[name] for name in self.features] for row in rows], float)
        columns = np.arange(len(table))[:, None]
        at = np.broadcast_to(self._roots, (len(table), len(self._roots)))
        while True:
            goes_left = table[columns, self._feature[at]] <= self._threshold[at]
            below = self._children[goes_left.astype(np.int8), at]
            if np.array_equal(below, at):
                break
            at = below
        found: list[float] = (1 / (1 + np.exp(-self._value[at].sum(axis=1)))).tolist()
        return found


@cache
def load_trees(name: str, package: str = "geomap.toponyms") -> Trees:
    """Return the trees of a file of weights that travels with the package.

    Parameters
    ----------
    name
        The file, without its ending.
    package
        The package in whose folder ``weights`` it lies.

    Raises
    ------
    GeomapError
        If the installation lacks it.
    """
    path = files(package) / "weights" / f"{name}.json"
    try:
        return Trees(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError) as error:
        raise GeomapError(f"{name}.json: cannot be read ({error}); install geomap again") from error
