"""Measure places on the WGS 84 ellipsoid."""
