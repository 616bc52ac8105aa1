"""The folder of dated photographs that a person keeps: read and written."""
