"""Scales of scars and skin that are free to use, computed from their items."""
