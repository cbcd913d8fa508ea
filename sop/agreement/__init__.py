"""What is signed, by whom and under which rules; pure: the store only saves what it says."""
