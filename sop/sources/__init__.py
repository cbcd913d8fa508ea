"""What the operator lets be read: files in folders and object stores, and databases, each in guarded ways."""
