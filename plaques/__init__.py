"""Drawing: from a copy's words and a design to print-ready pages.

Typefaces, typesetting, codes as matrices, placed marks in millimetres, PDF and PNG. Knows no web and no
database: it is given records and gives back files' bytes.
"""
