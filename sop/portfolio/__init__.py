"""Launches, strategic initiatives and outside events: what they add to demand and change elsewhere."""
