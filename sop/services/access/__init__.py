"""Getting in: how people sign in, their sessions, passwords, invitations, and the people themselves."""
