"""Windows, MinHash signatures, bands, buckets and candidate pairs."""
