"""The seeded generator of the demo company's files: a fictional maker of cargo bicycles, told around a month."""
