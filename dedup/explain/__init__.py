"""Why a pair was found or lost, and what the settings promise."""
