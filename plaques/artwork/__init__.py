"""Drawings that an organisation supplies: how they are read, and what may be done with them."""
