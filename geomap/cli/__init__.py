"""The command line: each command parses, makes one call, and prints the result.

Results go to standard output, everything else to standard error. Exit status: 0 done; 1 an error,
said in one line, or every input refused; 2 wrong usage; 3 done, but some inputs were refused.
"""

import sys
from collections.abc import Sequence

import click

from geomap.cli import (  # each adds its commands
    articles,
    corrections,
    gazetteer,
    info,
    outputs,
    scores,
)
from geomap.cli.root import DONE, FAILED, USAGE, cli
from geomap.errors import GeomapError
from geomap.terminal import error_line, forget_output

__all__ = ["articles", "cli", "corrections", "gazetteer", "info", "main", "outputs", "scores"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status."""
    try:
        status = cli.main(arguments, prog_name="geomap", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.UsageError as error:
        _wrong_usage(error)
        return USAGE
    except click.exceptions.Exit as exit_:
        return int(exit_.exit_code)
    except (click.Abort, KeyboardInterrupt):
        error_line("interrupted")
        return 130
    except BrokenPipeError:
        # Whoever read the results has enough of them.
        forget_output()
        return FAILED
    except (GeomapError, click.ClickException) as error:
        message = error.message if isinstance(error, click.ClickException) else str(error)
        error_line(f"error: {message}")
        return FAILED
    except OSError as error:
        forget_output()
        # Files are looked after where they are read and written; what is left is what is printed.
        where = error.filename or "standard output: cannot be written"
        error_line(f"error: {where} ({error.strerror or error})")
        return FAILED
    return status if isinstance(status, int) else DONE


def _wrong_usage(error: click.UsageError) -> None:
    """Say what is wrong in one line; a bare group of commands shows its help."""
    if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):
        error.show(sys.stderr)
        return
    command = error.ctx.command_path if error.ctx else "geomap"
    message = " ".join(error.format_message().split()).rstrip(".")
    error_line(f"error: {message}; see '{command} --help'")
