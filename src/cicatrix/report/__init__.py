"""Results as a page for people and as data for machines."""
