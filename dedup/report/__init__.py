"""The result of a run: columns internally, records when they are read."""
