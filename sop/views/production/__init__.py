"""The production plan as shown: lines, people, limits, requirements, strategies."""
