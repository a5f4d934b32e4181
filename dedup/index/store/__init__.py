"""The files of an index, and the views that read them."""
