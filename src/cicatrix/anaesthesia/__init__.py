"""How much of a topical anaesthetic a label allows, and when none."""
