"""Accord: the executive S&OP review. See docs/architecture.md for the floors of this package."""

__version__ = "0.2.0"
