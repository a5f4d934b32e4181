"""Measures a result against the truth: passages, pairs of articles, and stories."""
