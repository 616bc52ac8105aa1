"""Which pixels are the lesion and which the skin it is compared with."""
