"""The command line: one small module per subject, each adding its commands and running them by services."""
