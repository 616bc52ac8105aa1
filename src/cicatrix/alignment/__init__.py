"""Where each point of the baseline skin lies in a later photograph, and how surely."""
