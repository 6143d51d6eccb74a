"""The open deconfliction line."""
