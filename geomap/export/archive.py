"""ZIP files that are the same bytes for the same content."""

import io
import zipfile
from collections.abc import Mapping

__all__ = ["undated_zip"]

_NO_TIME = (1980, 1, 1, 0, 0, 0)


def undated_zip(parts: Mapping[str, bytes]) -> bytes:
    """Return a ZIP file of parts by their names, in their order, without the times of day."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return file.getvalue()
