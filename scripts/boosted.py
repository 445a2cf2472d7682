"""What the scripts that train share: boosted trees of LightGBM, and their plain form."""

from collections.abc import Callable, Sequence
from typing import Any

import lightgbm
import numpy as np

__all__ = ["Model", "flat"]

SETTINGS = {
    "objective": "binary", "feature_fraction": 0.6, "bagging_fraction": 0.8, "bagging_freq": 1,
    "min_data_in_leaf": 20, "lambda_l2": 2.0, "verbose": -1, "num_threads": 2, "seed": 1,
    "deterministic": True, "force_row_wise": True,
}  # fmt: skip
Rows = Sequence[dict[str, float]]
Objective = Callable[[np.ndarray, lightgbm.Dataset], tuple[np.ndarray, np.ndarray]]


class Model:
    """A trained model: LightGBM's, with the names of its columns.

    Parameters
    ----------
    rows, labels
        What is known of each row, and whether it is right.
    rounds
        How many trees.
    sizes
        How many rows, one after the other, stand for one choice: at most one of them is right, and
        "none of them" has score 0. None: every row is judged by itself.
    settings
        Of LightGBM.
    """

    def __init__(
        self, rows: Rows, labels: Sequence[float], rounds: int = 150,
        sizes: Sequence[int] | None = None, **settings: Any,
    ) -> None:  # fmt: skip
        self.features = sorted(rows[0])
        marks = np.array(labels, float)
        if sizes is not None:
            settings["objective"] = one_of(marks, sizes)
        self.booster = lightgbm.train(
            SETTINGS | settings, lightgbm.Dataset(self.table(rows), marks), rounds
        )

    def table(self, rows: Rows) -> np.ndarray:
        """Return rows as a table."""
        return np.array([[row[name] for name in self.features] for row in rows], float)

    def probabilities(self, rows: Rows) -> list[float]:
        """Return the probability of each row."""
        return self.booster.predict(self.table(rows)).tolist() if rows else []

    def scores(self, rows: Rows) -> list[float]:
        """Return the sum of the trees for each row."""
        return self.booster.predict(self.table(rows), raw_score=True).tolist() if rows else []

    def plain(self) -> dict[str, Any]:
        """Return the trees as the package reads them."""
        trees = [flat(tree["tree_structure"]) for tree in self.booster.dump_model()["tree_info"]]
        return {"features": self.features, "trees": trees}


def one_of(marks: np.ndarray, sizes: Sequence[int]) -> Objective:
    """Return the objective by which the rows of a choice share one probability with "none"."""
    group = np.repeat(np.arange(len(sizes)), sizes)

    def gradients(scores: np.ndarray, _: lightgbm.Dataset) -> tuple[np.ndarray, np.ndarray]:
        top = np.zeros(len(sizes))
        np.maximum.at(top, group, scores)
        powers = np.exp(scores - top[group])
        total = np.bincount(group, powers) + np.exp(-top)
        share = powers / total[group]
        return share - marks, np.maximum(share * (1 - share), 1e-3)

    return gradients


def flat(root: dict[str, Any]) -> list[list[Any]]:
    """Return a tree as lists: features, thresholds, left, right, values of the leaves."""
    features: list[int] = []
    thresholds: list[float] = []
    left: list[int] = []
    right: list[int] = []
    values: list[float] = []

    def visit(node: dict[str, Any]) -> int:
        if "leaf_value" in node:
            values.append(round(node["leaf_value"], 6))
            return ~(len(values) - 1)
        at = len(features)
        features.append(node["split_feature"])
        thresholds.append(float(f"{node['threshold']:.9g}"))
        left.append(0)
        right.append(0)
        left[at] = visit(node["left_child"])
        right[at] = visit(node["right_child"])
        return at

    visit(root)
    return [features, thresholds, left, right, values]
