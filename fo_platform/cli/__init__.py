"""The command line, fo."""
