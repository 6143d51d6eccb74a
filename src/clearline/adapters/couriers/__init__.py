"""Carry rings and messages over one medium each; a thread and a queue of its own."""
