"""Choose the adapters and put a node together; the one place that does."""
