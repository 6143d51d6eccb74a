"""Serve screens and other software: HTTP, and the live feed."""
