"""The open cycle's plans, what they are built from, and what is asked of them."""
