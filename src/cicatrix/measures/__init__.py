"""Numbers of one lesion in one photograph: contrast, chromophores, size, texture."""
