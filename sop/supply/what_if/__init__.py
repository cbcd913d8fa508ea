"""Asking the supply plan: what limits it, what relief brings, quotes, strategies, whole lots."""
