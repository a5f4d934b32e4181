"""Find the text that news outlets share."""

__version__ = "0.1.0"
