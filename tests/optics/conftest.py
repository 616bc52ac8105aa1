"""The reference implementation is imported here, once, because it warns on import."""

import warnings

with warnings.catch_warnings():
    # It misses matplotlib, which we do not need; warnings are errors in these tests.
    warnings.simplefilter("ignore")
    import colour  # noqa: F401
