"""The financial plan as shown: statements, landing, walks between amounts, plans side by side."""
