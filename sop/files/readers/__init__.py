"""Files in: CSV, Excel and Parquet to text cells, guarded before anything is parsed.

A type is known by its bytes, not by its name. Nothing here decides what a cell means: that is `sop.intake`.
"""

from sop.files.readers.limits import Limits
from sop.files.readers.read import read_bytes, read_file

__all__ = ["Limits", "read_bytes", "read_file"]
