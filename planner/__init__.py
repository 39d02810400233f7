"""Headquarters planner for two-tier local government."""

__version__ = "0.1.0"
