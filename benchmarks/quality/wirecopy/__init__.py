"""Generates wire stories, what outlets make of them, and the exact truth about the passages they share."""
