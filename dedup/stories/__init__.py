"""Overlaps to stories, and what they say of each article."""
