"""Facts as data files with their sources, and the one door that reads them."""
