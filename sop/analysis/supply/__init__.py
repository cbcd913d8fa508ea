"""What limits a supply plan and what would help: limits, levers on a gap, quotes, service curves, strategies."""
