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
_START, _END = (f'format_date("date_{end}", {_MOMENT})' for end in ("start", "end"))
_IN_TIME = f'("date_start" IS NULL OR ({_START} < {_TO} AND {_END} >= {_FROM}))'
"""Whether the temporal controller lets an event through."""
_CLASS = "concat('|', \"event_class\")"
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

    @property
    def mixed(self) -> str:
        """Whether those that are shown are of several classes."""
        pair, keys = f"concat({self._own}, {_CLASS})", self._list(self._own)
        known = f"array_count({self._list(pair)}, {pair}) < array_count({keys}, {self._own})"
        others = f"array_filter({self._others}, right(@element, length({_CLASS})) <> {_CLASS})"
        return f"if({_ALL_DAYS}, {known}, coalesce(array_length({others}), 0) > 0)"

    @property
    def _own(self) -> str:
        return f"concat({self.key}, '|')"

    @property
    def _mine(self) -> str:
        return f'concat({self._own}, "event_id", {_CLASS})'

    @property
    def _others(self) -> str:
        """The others that the temporal controller lets through."""
        here = f"overlay_equals(@layer, {self._mine}, filter:={_IN_TIME} AND {HAPPENED})"
        return f"array_filter({here}, left(@element, length({self._own})) = {self._own})"

    def _list(self, value: str) -> str:
        """Return a value of all events of the layer."""
        return f'array_agg({value}, filter:={HAPPENED}, order_by:="event_id")'
