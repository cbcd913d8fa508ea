"""Data in: one function per data rule, from the text of a file to a typed table with findings."""
