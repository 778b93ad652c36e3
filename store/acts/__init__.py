"""The acts: one plain function each, the only writers of the register."""
