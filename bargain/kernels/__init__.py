"""Compiled array code: arrays and scalars only, numpy and numba only."""
