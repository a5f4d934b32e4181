"""Why a pair was found or missed, and what the settings promise."""
