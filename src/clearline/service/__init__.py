"""Write: one writer per log, one runner for what is due."""
