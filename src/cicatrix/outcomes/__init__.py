"""What published trials showed, and what may be expected of a course."""
