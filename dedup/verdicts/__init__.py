"""Verdicts: what each article repeats of others, which articles are kept, and what is cut from them."""
