"""Drawing: marks become PDF, pictures and outlines. Leaves out everything decided before."""
