"""Press: pages of single copies become the sheets a printer takes, flat or folded."""
