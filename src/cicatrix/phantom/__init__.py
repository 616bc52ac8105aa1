"""Made-up skin, scars, lamps and cameras whose truth is known exactly."""
