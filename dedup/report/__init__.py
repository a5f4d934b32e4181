"""The result of a run: columns within, records when they are read."""
