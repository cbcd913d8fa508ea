"""What the board pack shows: the words and figures of the screens as slides."""
