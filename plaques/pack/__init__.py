"""What goes to a print shop beside the artwork: lists, proofs, reports and orders, as values and as bytes.

Leaves out the artwork itself (plaques/) and where files lie (gangpai/).
"""
