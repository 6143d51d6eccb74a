"""Measure the budgets, beside a peer where one exists."""
