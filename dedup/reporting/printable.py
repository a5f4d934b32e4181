"""Makes texts safe for a terminal. The command line prints errors through it before any library is loaded."""

from __future__ import annotations

# Control characters in a text could control the terminal. Each becomes one visible sign, so places stay
# valid.
_CONTROLS = {
    **{code: 0x2400 + code for code in range(0x20)},
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
    0x7F: 0x2421,
    0x2028: 0x2424,
    0x2029: 0x2424,
    # Marks that change the direction of the following text.
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD),
    0x09: 0x20,
    0x0A: 0x0A,
    0x0D: 0x20,
}


def printable(text: str) -> str:
    r"""Make a text safe to print: control characters become visible signs, one for one.

    Examples
    --------
    >>> printable("red\x1b[31m")
    'red␛[31m'
    """
    return text.translate(_CONTROLS)
