"""Verdicts: what each article repeats of others, which of them are kept, and what is cut from them."""
