"""Fold entries into what stands now, and what stood at any instant."""
