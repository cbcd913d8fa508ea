"""Accord: the executive S&OP review. See docs/architecture.md for the floors of this package."""

import os

__version__ = "0.2.0"

# openpyxl reads with lxml wherever that is installed (python-pptx needs it); lxml expands what defusedxml refuses.
os.environ["OPENPYXL_LXML"] = "False"
