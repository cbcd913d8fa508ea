"""The seven plan pages on screen: one layout and what only one of them has."""
