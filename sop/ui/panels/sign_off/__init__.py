"""The Sign-off page on screen: what is signed and what people do about it."""
