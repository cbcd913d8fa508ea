"""What plans mean against each other and against what came; planning again is handed in as a function."""
