"""Verdicts on new articles, one at a time or in streams."""
