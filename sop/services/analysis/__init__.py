"""What the review pages show, loaded and kept: changes, outlook, decisions, performance, explanations."""
