"""What can be asked of an index: create, add, query, verify, report and more."""
