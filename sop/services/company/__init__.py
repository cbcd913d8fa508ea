"""The company itself: profile, cycle, people, settings, workspace."""
