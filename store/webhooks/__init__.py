"""Telling other programs that a standing changed: what they are told, signed how, and delivered when."""
