"""Floor 5: what pages are made of: look, charts, formats, tables, frame and session state."""
