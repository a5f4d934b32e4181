"""What a corpus as a whole says: document frequencies and repeated sentences."""
