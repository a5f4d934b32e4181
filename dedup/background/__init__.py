"""What is known about a corpus as a whole: document frequencies and repeated sentences."""
