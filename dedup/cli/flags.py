"""Messages of the library for the command line: a parameter that they name becomes its flag."""

from __future__ import annotations

import re

_PARAMETER = re.compile(r'`(scratch|wait|on_error|shingle_words|rejects|verdict_field)(?:="?(\w+)"?)?`')


def with_flags(message: str) -> str:
    """Put the flag of the command line where a message names a parameter of the library.

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
