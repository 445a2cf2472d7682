"""What the scripts that train share: boosted trees of LightGBM, and their plain form."""

from collections.abc import Sequence
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


class Model:
    """A trained model: LightGBM's, with the names of its columns."""

    def __init__(
        self, rows: Rows, labels: Sequence[float], rounds: int = 150, **settings: Any
    ) -> None:
        self.features = sorted(rows[0])
        self.booster = lightgbm.train(
            SETTINGS | settings, lightgbm.Dataset(self.table(rows), np.array(labels, float)), rounds
        )

    def table(self, rows: Rows) -> np.ndarray:
        """Return rows as a table."""
        return np.array([[row[name] for name in self.features] for row in rows], float)

    def probabilities(self, rows: Rows) -> list[float]:
        """Return the probability of each row."""
        return self.booster.predict(self.table(rows)).tolist() if rows else []

    def plain(self) -> dict[str, Any]:
        """Return the trees as the package reads them."""
        trees = [flat(tree["tree_structure"]) for tree in self.booster.dump_model()["tree_info"]]
        return {"features": self.features, "trees": trees}


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
