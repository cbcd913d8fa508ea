"""What may come: surprises around a plan, chances of targets, and how past claims came true."""
