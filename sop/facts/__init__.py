"""Closed months, once: deliveries, waits, stock, age, actuals and budget by measure."""
