"""Text to tokens: characters, words, their hashes, flags and places."""
