"""What the pixels would be under known light: cards, tone curves, matrices, relative skin."""
