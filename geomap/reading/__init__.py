"""Reading articles: files, folders, patterns and standard input become documents.

A file is decoded and its byte-order mark removed; nothing else of the text changes. Files are read
as a stream: never a whole corpus in memory, and every size has a limit. In a folder (recursive,
sorted) the files of the known kinds are articles, except those named ``README`` or ``LICENSE``
(``README.md``, ``LICENSE.fa.txt``), hidden ones, and those in a folder below that an earlier run of
geomap wrote. An input that is no article is refused, with its name and the reason; the others go
on. To read another kind of file, add a module with one function and an entry in
:data:`~geomap.reading.formats.FORMATS`.
"""

from geomap.reading.formats import SUFFIXES
from geomap.reading.keys import MAX_CHARACTERS, article
from geomap.reading.reader import Reader, complete, read
from geomap.reading.values import Content, InputFile, Page, Piece, Refused

__all__ = [
    "MAX_CHARACTERS",
    "SUFFIXES",
    "Content",
    "InputFile",
    "Page",
    "Piece",
    "Reader",
    "Refused",
    "article",
    "complete",
    "read",
]
