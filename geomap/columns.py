"""The names of the columns of the table of events, in their order."""

__all__ = ["COLUMNS", "EXTRA_COLUMNS", "POINT"]

COLUMNS = (
    "event_id cluster_id event_class subclass layer status plover acled_like date_start date_end "
    "date_precision date_text place_name place_text place_id country admin1 precision radius_km "
    "place_source why actors targets killed_min killed_max wounded_min wounded_max attributed_to "
    "sentence trigger title source url published document_id confidence report_count mention_count "
    "review_status reviewer note"
).split()
"""The columns of ``events.geojson`` and ``events.csv``."""
EXTRA_COLUMNS = (
    "geometry mentions actors_roles numbers_text alternatives_text reasons confidence_parts "
    "border_pair border_line drawn area_id disputed claimed_by aggregate"
).split()
"""What the table has beyond these, for the map and for a GIS."""
POINT = ("latitude", "longitude")
"""A point as a table tells it, in decimal degrees."""
