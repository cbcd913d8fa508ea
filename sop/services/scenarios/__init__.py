"""Scenarios and assumptions: drafts, the working plan, and following what others change."""
