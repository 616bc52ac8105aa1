"""Where the needles go: punctures of pen, roller and stamp, simulated and counted."""
