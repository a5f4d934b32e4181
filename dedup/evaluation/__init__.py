"""A result measured against the truth: passages, pairs of articles, and stories."""
