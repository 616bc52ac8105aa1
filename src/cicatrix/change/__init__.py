"""From measures at two or more visits to a fade with its uncertainty and verdict."""
