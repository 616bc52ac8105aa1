"""With what, how deep, how often: device, depth, dates, after-care."""
