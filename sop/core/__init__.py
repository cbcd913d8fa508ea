"""Floor 1: the words, units, tables and errors that every other floor speaks."""
