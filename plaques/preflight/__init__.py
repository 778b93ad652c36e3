"""Preflight: everything that must hold before paper, on marks and in the finished file, and its report."""
