"""The words of the work as frozen values. Standard library only."""
