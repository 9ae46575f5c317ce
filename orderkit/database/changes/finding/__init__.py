"""How one model is compared with the next: one module for each kind of difference."""
