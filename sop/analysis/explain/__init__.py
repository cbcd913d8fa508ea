"""Every number explains itself: formula, parts, source rows, assumptions."""
