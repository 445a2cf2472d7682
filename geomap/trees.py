"""Boosted decision trees from a plain file: what a trained model says of rows of numbers.

The trees are trained by scripts (``scripts/train_*.py``) with LightGBM, which is not needed to use
them: adding up the leaves is all that is left to do.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from geomap.errors import GeomapError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Trees", "load_trees"]


class Trees:
    """A sum of decision trees.

    Each node that a row goes right at rules out the leaves to its left. The first leaf that is
    left of a tree, in the order of the leaves, is the row's: so all nodes are asked at once, and
    a tree's leaves are the bits of one number.

    Parameters
    ----------
    data
        ``features``, the names of the columns; and ``trees``, each as lists of the features and
        thresholds of its nodes, of the nodes to the left (at most the threshold) and to the right,
        a leaf as the negative number of its place among the values, less one. A tree has at most
        64 leaves.
    """

    def __init__(self, data: dict[str, Any]) -> None:
        self.features: tuple[str, ...] = tuple(data["features"])
        trees = data["trees"]
        leaves = max((len(tree[4]) for tree in trees), default=1)
        bits = next(size for size in (16, 32, 64) if leaves <= size)
        shape = (max((len(tree[0]) for tree in trees), default=0), len(trees))
        self._feature = np.zeros(shape, np.intp)
        self._threshold = np.full(shape, np.inf)
        self._left: NDArray[np.unsignedinteger[Any]] = np.zeros(shape, f"uint{bits}")
        value = np.zeros((len(trees), bits))
        for at, (features, thresholds, lefts, rights, values) in enumerate(trees):
            nodes = len(features)
            self._feature[:nodes, at] = features
            self._threshold[:nodes, at] = thresholds
            order, below = _leaves(lefts, rights)
            self._left[:nodes, at] = [sum(1 << leaf for leaf in own) for own in below]
            value[at, : len(order)] = [values[leaf] for leaf in order]
        self._value = value.ravel()
        self._first = np.arange(len(trees)) * bits

    def probabilities(self, rows: Sequence[Mapping[str, float]]) -> list[float]:
        """Return the probability that the model gives each row, judged by itself.

        Parameters
        ----------
        rows
            Numbers by the names of :attr:`features`.
        """
        found: list[float] = (1 / (1 + np.exp(-np.array(self.scores(rows))))).tolist()
        return found

    def scores(self, rows: Sequence[Mapping[str, float]]) -> list[float]:
        """Return the sum of the trees for each row.

        Parameters
        ----------
        rows
            Numbers by the names of :attr:`features`.
        """
        if not rows:
            return []
        numbers = itemgetter(*self.features)
        table = np.array([numbers(row) for row in rows], float).reshape(len(rows), -1)
        gone: NDArray[np.unsignedinteger[Any]] = np.zeros(
            (len(table), len(self._first)), self._left.dtype
        )
        for feature, threshold, left in zip(
            self._feature, self._threshold, self._left, strict=True
        ):
            gone |= (table.take(feature, axis=1) > threshold) * left
        lowest = ~gone & (gone + 1)
        leaf = np.frexp(lowest.astype(float))[1] - 1
        found: list[float] = self._value.take(leaf + self._first).sum(axis=1).tolist()
        return found


def _leaves(lefts: Sequence[int], rights: Sequence[int]) -> tuple[list[int], list[list[int]]]:
    """Return a tree's leaves from left to right, and which of them lie left of each node."""
    order: list[int] = []
    below: list[list[int]] = [[] for _ in lefts]

    def walk(node: int) -> list[int]:
        if node < 0:
            order.append(~node)
            return [len(order) - 1]
        below[node] = walk(lefts[node])
        return below[node] + walk(rights[node])

    walk(0 if lefts else -1)
    return order, below


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
