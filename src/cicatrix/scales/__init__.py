"""Scales of scars, skin type, change and pain, computed from their items."""
