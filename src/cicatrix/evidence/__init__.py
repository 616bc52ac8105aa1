"""Clinical and technical facts as data files, each with its source and its support."""
