"""The operations of an index: create, add, query, verify, report and more."""
