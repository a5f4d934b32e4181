"""Overlaps to stories, and what they say about each article."""
