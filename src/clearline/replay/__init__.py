"""Play a scenario through the real rules under a virtual clock."""
