"""Typography: text into lines and columns, and what a typeface draws of it. Leaves out marks and pages."""
