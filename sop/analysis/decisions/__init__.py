"""What needs attention and what to do about it: exceptions, readiness, health, levers, proposals, stakes."""
