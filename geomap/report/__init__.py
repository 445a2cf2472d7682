"""A short report: title, figure, table of events with their sources, method, limits, licences.

Written as Word, PDF, Markdown or HTML. Text of articles is hostile until it is escaped for the
format it goes into; addresses become links only if they are of the web. The same documents give the
same bytes.
"""

from geomap.report.content import ROWS, Report, report_of
from geomap.report.files import FORMATS, write_report

__all__ = ["FORMATS", "ROWS", "Report", "report_of", "write_report"]
