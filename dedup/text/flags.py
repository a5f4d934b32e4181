"""What a token is and what is around it: the bits of `dedup.text.tokens.Tokens.flags`."""

from __future__ import annotations

import numpy as np

#: LINE, SENTENCE and QUOTED say what is around a token; NUMBER and CAPITAL describe the token itself.
LINE = np.uint8(1)  # the first token of a line
SENTENCE = np.uint8(2)  # the first token of a sentence or a line
QUOTED = np.uint8(4)  # is within quotation marks
NUMBER = np.uint8(8)  # begins with a digit
CAPITAL = np.uint8(16)  # a capital, then a small letter
FURNITURE = np.uint8(32)  # site furniture: set by `dedup.cleaning` and `dedup.corpus.prepare`, not by tokens
TEASER = np.uint8(64)  # furniture that advertises another story
APPEAL = np.uint8(128)  # the first token of a sentence in which the site may speak to its readers
