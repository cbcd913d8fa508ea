"""The frame of every page: the guard, session state, the style and its tokens."""
