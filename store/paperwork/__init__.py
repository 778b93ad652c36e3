"""Paperwork: the sheets an office prints, signs and files, as values.

Knows what stands on each sheet and takes every number from the function the lists and pages take it from.
Leaves out how a sheet is drawn (plaques/paperwork/sheets.py); workbook.py writes it as a spreadsheet.
"""
