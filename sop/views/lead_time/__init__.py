"""The customer lead time plan as shown: waiting, what closes the gap, quotes, delivery on time."""
