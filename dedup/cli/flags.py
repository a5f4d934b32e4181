"""Messages of the library on the command line: the name of a parameter becomes its flag."""

from __future__ import annotations

import re

_PARAMETER = re.compile(r'`(scratch|wait|on_error|shingle_words|rejects|verdict_field)(?:="?(\w+)"?)?`')


def with_flags(message: str) -> str:
    """Replace parameters of the library in a message by the flags of the command line.

    Examples
    --------
    >>> with_flags('leave it out with `on_error="skip"`, or wait longer with `wait`')
    'leave it out with --on-error skip, or wait longer with --wait'
    """
    return _PARAMETER.sub(_flag, message)


def _flag(found: re.Match[str]) -> str:
    name, value = found.groups()
    flag = f"--{name.replace('_', '-')}"
    return f"{flag} {value}" if value else flag
