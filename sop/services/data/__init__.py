"""Data in and out: imports, accounts, what is loaded, exports and downloads."""
