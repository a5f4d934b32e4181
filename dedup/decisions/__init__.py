"""What editors decided about shared text: kept as a log, and looked up by what the passages say."""
