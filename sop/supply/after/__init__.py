"""What a solved plan comes to: whole units, stock, cover, waiting, cost."""
