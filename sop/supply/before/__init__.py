"""What goes into the supply problem: the company's tables, demand that falls due, safety stock, a unit's worth."""
