"""Paperwork: A4 sheets that are no plates."""
