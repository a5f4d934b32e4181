"""What an index keeps on disk, and the views that read it."""
