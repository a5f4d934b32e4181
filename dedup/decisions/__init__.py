"""Editors' decisions about shared text: kept as a log, and looked up by the text of the passages."""
