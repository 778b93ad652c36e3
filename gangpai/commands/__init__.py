"""The commands, a module for each group; the table in gangpai/cli.py calls them by name."""
