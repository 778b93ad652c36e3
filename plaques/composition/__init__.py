"""Composition: record and design become marks. Leaves out drawing, checking and printing."""
