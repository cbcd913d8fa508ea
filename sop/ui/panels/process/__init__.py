"""The pages that run the process on screen: data, assumptions, settings."""
