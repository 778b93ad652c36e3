"""Measurements of what the program promises, beside named peers; each prints its table and its bars."""
