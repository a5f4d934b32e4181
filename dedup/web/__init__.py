"""The desk: pages and a REST interface over an index, from one process."""
