"""Hold the frozen values everything else speaks in."""
