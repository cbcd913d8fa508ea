"""The pieces of each page on screen, by subject."""
