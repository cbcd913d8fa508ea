"""What a solved plan comes to: stock and its cover, waiting, shipments by region, cost by month."""
