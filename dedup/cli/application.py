"""The command line as a whole: verbs, help, exit codes, and how errors are shown.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 overlaps found with ``--fail-on-overlap``, 130 interrupted, 141
the reader of the output went away, 143 ended by SIGTERM.
"""

from __future__ import annotations

import errno
import logging
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import FrameType
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from dedup.cli.commands import INDEX_VERBS, VERBS, Commands
from dedup.cli.flags import with_flags
from dedup.cli.options import ENDED, SpeechOptions, expanded
from dedup.cli.plain_values import spare_conversion
from dedup.errors import DedupError, SettingsError
from dedup.jit.imports import spare_blas, spare_modules

#: typer's contexts and formatters; their classes are private to it.
Context = Any
Formatter = Any

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG)

FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 128 + signal.SIGINT
READER_GONE = 128 + signal.SIGPIPE


class _Ended(KeyboardInterrupt):
    """Raised on SIGTERM, so that unfinished work is cleaned up as after an interrupt."""


@contextmanager
def _ending() -> Iterator[None]:
    """Make SIGTERM raise `_Ended` within the block; the default action would leave scratch files behind."""
    if threading.current_thread() is not threading.main_thread():  # only the main thread may set handlers
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        raise _Ended

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class Verb(TyperCommand):
    """A command that turns an error into one line and an exit code."""

    def get_params(self, ctx: Context) -> list[Any]:
        """Return the options, including that for help."""
        return spare_conversion(super().get_params(ctx))

    def invoke(self, ctx: Context) -> int:
        """Run the verb and return its exit code, or 0."""
        if ctx.params.get("log_format") != "json":
            return self._invoke(ctx)
        from dedup.cli.logs import as_json

        with as_json():
            return self._invoke(ctx)

    def _invoke(self, ctx: Context) -> int:
        try:
            spare_blas()
            spare_modules()
            _show_warnings()
            with _ending():
                code = super().invoke(ctx)
                sys.stdout.flush()
        except (typer.Exit, typer.TyperException):
            raise
        except BrokenPipeError:
            _close_quietly()
            return READER_GONE
        except KeyboardInterrupt as interrupt:
            left = str(interrupt) or "nothing was written"
            if isinstance(interrupt, _Ended):
                return _failed(f"ended by SIGTERM; {left}", ENDED)
            return _failed(f"interrupted; {left}", INTERRUPTED)
        except DedupError as error:
            _trace(ctx)
            return _failed(
                with_flags(str(error)), WRONG_USAGE if isinstance(error, SettingsError) else FAILED
            )
        except Exception as error:
            _trace(ctx)
            if isinstance(error, OSError) and error.errno in _NO_ROOM:
                _close_quietly()
                place = "standard output" if error.filename is None else error.filename
                return _failed(f"{place}: cannot be written ({error.strerror}); make room there", FAILED)
            hint = "" if ctx.params.get("debug") else " (--debug shows where)"
            return _failed(f"internal error: {type(error).__name__}: {error}{hint}", FAILED)
        return code or 0

    def format_options(self, ctx: Context, formatter: Formatter) -> None:
        """Write the options under their headings."""
        sections: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": []}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                usual = "Options" if isinstance(parameter, TyperOption) else "Arguments"
                sections.setdefault(getattr(parameter, "rich_help_panel", None) or usual, []).append(record)
        for heading, records in sections.items():
            if not records:
                continue
            with formatter.section(heading):
                formatter.write_dl(records, col_max=26)


class _Shown(logging.Handler):
    """Writes the library's warnings to standard error like the program's other notes."""

    def emit(self, record: logging.LogRecord) -> None:
        print(f"dedup: {record.getMessage()}", file=sys.stderr, flush=True)


def _show_warnings() -> None:
    log = logging.getLogger("dedup")
    if not any(isinstance(each, _Shown) for each in log.handlers):
        log.addHandler(_Shown(logging.WARNING))


class Verbs(TyperGroup):
    """The program: choose the verb, and report wrong usage in one line."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        if given["name"] == "index":
            self.commands = Commands(list(INDEX_VERBS), lambda verb: _command(INDEX_VERBS[verb], verb))
        else:
            self.commands = Commands((*VERBS, "index"), _verb)

    def get_params(self, ctx: Context) -> list[Any]:
        """Return the options, including that for help."""
        return spare_conversion(super().get_params(ctx))

    def list_commands(self, ctx: Context) -> list[str]:
        """Return the names of the verbs, in the order of the help."""
        return list(self.commands)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run one command line; raises `SystemExit` unless `standalone_mode` is off."""
        try:
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        except typer.TyperException as error:
            if not standalone_mode:
                raise
            code = _wrong_usage(error)
        if standalone_mode:
            sys.exit(code)
        return code


def _wrong_usage(error: typer.TyperException) -> int:
    context: Context | None = getattr(error, "ctx", None)
    path = "dedup" if context is None else context.command_path
    if type(error).__name__ == "NoArgsIsHelpError":  # its message is the help itself
        print(error.format_message(), file=sys.stderr)
    else:
        _failed(f"{error.format_message()} (see `{path} --help`)", error.exit_code)
    return error.exit_code


def _failed(message: str, code: int) -> int:
    from dedup.cli.logs import say_failure
    from dedup.reporting.printable import printable

    said = printable(" ".join(message.split("\n")))
    if not say_failure(said):
        print("dedup: " + said, file=sys.stderr)
    return code


def _trace(ctx: Context) -> None:
    if ctx.params.get("debug"):
        traceback.print_exc()


def _close_quietly() -> None:
    """Point standard output at /dev/null, so that the interpreter's last flush does not fail again."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - lives as long as the process


def _show_version(wanted: bool) -> None:
    if wanted:
        from dedup import __version__

        print(f"dedup {__version__}")
        raise typer.Exit


@expanded
def _program(
    ctx: typer.Context,
    speech: SpeechOptions,
    show_version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Find the passages that news articles share: who ran whose text, where, and how much of it.

    Example:

    \b
    $ dedup scan seeds --scope all --format table
    """
    given = {"quiet": speech.quiet, "debug": speech.debug, "log_format": speech.log_format}
    ctx.default_map = {**dict.fromkeys(VERBS, given), "index": dict.fromkeys(INDEX_VERBS, given)}


_OPTIONS: dict[str, Any] = {
    "cls": Verbs,
    "no_args_is_help": True,
    "rich_markup_mode": None,  # rich takes longer to import than `--help` may take
    "pretty_exceptions_enable": False,
    "context_settings": {"max_content_width": 100, "help_option_names": ["-h", "--help"]},
}
app = typer.Typer(**_OPTIONS)
app.callback()(_program)


def _verb(name: str) -> Any:
    """Make the command of a verb, or the group of those of an index."""
    if name != "index":
        return _command(f"dedup.cli.{name.replace('-', '_')}", name)
    group = typer.Typer(**_OPTIONS, add_completion=False, name="index")
    group.callback()(_index)
    return get_command(group)


def _index() -> None:
    """Keep articles on disk, so that each new one is compared with all earlier ones."""


def _command(module: str, name: str) -> Any:
    one = typer.Typer(**_OPTIONS | {"cls": TyperGroup, "no_args_is_help": False}, add_completion=False)
    one.command(name, cls=Verb)(expanded(getattr(import_module(module), name.replace("-", "_"))))
    return get_command(one)
