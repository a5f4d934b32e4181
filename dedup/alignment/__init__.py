"""Candidate pairs to aligned passages: seeds, chains, extension, similarity."""
