"""The sales plan as shown: demand by its terms, streams, overrides, accuracy in words."""
