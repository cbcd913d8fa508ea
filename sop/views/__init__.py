"""What screens, files and the command line show, as plain tables, series and sentences; one module a subject."""
