"""Measures a result against the truth: passages, pairs of articles, and stories."""

from dedup.evaluation.gold import Labels, labels_of, read_labels
from dedup.evaluation.measures import Evaluation, evaluate

__all__ = ["Evaluation", "Labels", "evaluate", "labels_of", "read_labels"]
