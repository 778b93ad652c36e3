"""Ten thousand badges and one plaque: this program beside Typst, WeasyPrint and fpdf2, one process each.

All print the same posts (roster.py) with the same faces, at the same places (layout.py), with one code each.
"""
