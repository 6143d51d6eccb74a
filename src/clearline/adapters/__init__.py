"""Reach the outside: stores, keys, clock, couriers."""
