"""When an article ran: every way of writing a date, to moments with a precision and a zone."""
