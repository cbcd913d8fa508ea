"""The Cycle page and the meeting as tables and sentences."""
