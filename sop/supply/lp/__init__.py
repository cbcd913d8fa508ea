"""The supply problem and its plan: a linear program, solved warm, read as a plan in money and whole units."""
