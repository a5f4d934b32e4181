"""The same run on engines that spread it over many machines."""
