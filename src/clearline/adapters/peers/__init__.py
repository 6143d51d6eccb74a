"""Reach other parties' nodes, and be reached, over pinned TLS."""
