"""Launches and initiatives as shown: gates, ramps, milestones, benefits, the strategy strip."""
