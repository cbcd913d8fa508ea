"""The demo company's workspace: built, agreed and advanced month by month."""
