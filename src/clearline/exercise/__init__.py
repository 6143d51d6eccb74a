"""Run an exercise on a node of its own: a script, and players who answer.

Its log's realm is *exercise*, so nothing of it can mix with what is meant in earnest.
"""
