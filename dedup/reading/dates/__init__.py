"""When an article ran: dates in every notation, converted to moments with a precision and a zone."""
