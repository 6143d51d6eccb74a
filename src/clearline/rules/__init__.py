"""Decide, purely: what follows from a picture, a command and an instant."""
