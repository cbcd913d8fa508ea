"""The executive review as shown: its message, outside events in words, scenarios side by side."""
