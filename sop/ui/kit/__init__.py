"""What pages are put together from: tables, cards, formats and the form for acts."""
