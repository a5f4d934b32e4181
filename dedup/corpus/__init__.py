"""The articles of a run, on disk, in two passes: read, then prepared and sketched."""
