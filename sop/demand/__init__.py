"""Demand: from cleaned actuals over the baseline forecast to the consensus, in units."""
