"""Print what the line says; decide nothing."""
