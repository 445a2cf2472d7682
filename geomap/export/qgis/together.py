"""Events that share a place, a line or an area: which is the first of them, how many they are.

They follow the temporal controller and what an analyst changes. Lists over a whole layer are made
once as long as they name no variable; a filter by time names some. So there are two ways: where
all days are shown, positions in such lists; else what QGIS's spatial index finds.
"""

from dataclasses import dataclass

__all__ = ["HAPPENED", "Together"]

HAPPENED = (
    "\"event_class\" <> 'statement' AND \"status\" NOT IN ('negated', 'cancelled') "
    "AND coalesce(\"review_status\", '') <> 'rejected'"
)
"""Whether an event is drawn at all."""
_MOMENT = "'yyyy-MM-dd HH:mm:ss'"
_FROM, _TO = (f"format_date(@map_{end}_time, {_MOMENT})" for end in ("start", "end"))
_DAYS = (
    f"concat(coalesce(format_date(\"date_start\", {_MOMENT}), '0000-00-00 00:00:00'), ' ', "
    f"coalesce(format_date(\"date_end\", {_MOMENT}), '9999-99-99 99:99:99'))"
)
_IN_TIME = f"(left(right(@element, 39), 19) < {_TO} AND right(@element, 19) >= {_FROM})"
"""Whether the temporal controller lets an element of a list through, which ends in its days."""
_CLASS = "concat('|', \"event_class\", '|')"
_ALL_DAYS = (
    "(@map_start_time IS NULL OR ("
    f'coalesce(format_date(minimum("date_start"), {_MOMENT}) >= {_FROM}, true) AND '
    f'coalesce(format_date(maximum("date_end"), {_MOMENT}) < {_TO}, true)))'
)
"""Whether it lets every event through."""


@dataclass(frozen=True, slots=True)
class Together:
    """Expressions on the events of a layer that share what an expression gives."""

    key: str

    @property
    def first(self) -> str:
        """Whether an event is the first of those that are shown."""
        ids, keys = self._list('"event_id"'), self._list(self._own)
        known = f'array_get({ids}, array_find({keys}, {self._own})) = "event_id"'
        found = f"coalesce({self._mine} < array_min({self._others}), true)"
        return f"({HAPPENED} AND if({_ALL_DAYS}, {known}, {found}))"

    @property
    def count(self) -> str:
        """How many are shown."""
        known = f"array_count({self._list(self._own)}, {self._own})"
        return f"if({_ALL_DAYS}, {known}, 1 + coalesce(array_length({self._others}), 0))"

    def told(self, share: int, scale: int) -> str:
        """Whether they are many enough to be named: one in ``share`` of all, or any from near."""
        all_of_them = f"array_length({self._list(self._own)})"
        return f"(@map_scale < {scale} OR {self.count} * {share} >= {all_of_them})"

    @property
    def mixed(self) -> str:
        """Whether those that are shown are of several classes."""
        pair, keys = f"concat({self._own}, {_CLASS})", self._list(self._own)
        known = f"array_count({self._list(pair)}, {pair}) < array_count({keys}, {self._own})"
        others = f"array_filter({self._others}, strpos(@element, {_CLASS}) = 0)"
        return f"if({_ALL_DAYS}, {known}, coalesce(array_length({others}), 0) > 0)"

    @property
    def _own(self) -> str:
        return f"concat({self.key}, '|')"

    @property
    def _mine(self) -> str:
        return f'concat({self._own}, "event_id", {_CLASS}, {_DAYS})'

    @property
    def _others(self) -> str:
        """The others that the temporal controller lets through."""
        # A filter within it would not know the variables of the map.
        here = f"overlay_equals(@layer, {self._mine}, filter:={HAPPENED})"
        same = f"left(@element, length({self._own})) = {self._own}"
        return f"array_filter({here}, {same} AND {_IN_TIME})"

    def _list(self, value: str) -> str:
        """Return a value of all events of the layer."""
        return f'array_agg({value}, filter:={HAPPENED}, order_by:="event_id")'
