"""The financial plan: profit and loss, working capital, cash. Money inside is whole minor units."""
