"""The linear program: problem, columns, rows, prices, and the model that is solved warm."""
