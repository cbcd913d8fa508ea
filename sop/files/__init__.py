"""Files in and out: readers and templates, exports, signing keys and the verifiable snapshot."""
