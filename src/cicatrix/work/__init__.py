"""The verbs of the product; each composes the rooms below."""
