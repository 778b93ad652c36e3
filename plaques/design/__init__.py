"""Designs: from the text of a file to values, or to every fault of it. Leaves out what is done with one."""
