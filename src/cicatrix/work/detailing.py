"""Every measure of a lesion at two visits, with its change."""
