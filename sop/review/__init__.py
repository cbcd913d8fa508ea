"""What changed, what it means, what to decide, and what is signed."""
