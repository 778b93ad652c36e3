"""The register: what was decided, and the rules by which it may be."""
