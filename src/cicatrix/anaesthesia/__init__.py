"""Topical anaesthetics: what a product's label allows on this skin, and the sum of a visit."""
