"""The command line, thin."""

from __future__ import annotations

import os
import sys

import typer

from framing.cli import coding, desk, exchange, llm, outlets, portrayal, rooms, students, tables
from framing.errors import FramingError

app = typer.Typer(
    name="framing",
    help="How Arabic outlets portray the same event: frames, tone and voice, coded, classified and compared.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
)
study_app = typer.Typer(help="Run a whole study.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(study_app, name="study")
study_app.command("run")(rooms.study_run)
app.add_typer(exchange.app, name="exchange")
for command in (
    rooms.init,
    tables.segment,
    coding.agreement,
    coding.gold,
    rooms.evaluate,
    outlets.compare,
    outlets.plan,
    portrayal.portray,
    rooms.train,
    tables.predict,
    tables.duplicates,
    students.distill,
    rooms.benchmark,
    llm.llm,
    desk.code,
):
    app.command()(command)


def main() -> None:
    """Run the command line; what a user can mend ends in one line on standard error and exit code 2."""
    # Read when pyarrow is loaded, here and in workers: its own pool would keep what a chunk of a table needed.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    try:
        app()
    except FramingError as error:
        _fail(str(error))
    except OSError as error:
        if error.filename is None:
            raise
        _fail(f"{error.filename}: {error.strerror}.")


def _fail(message: str) -> None:
    print(f"framing: {message}", file=sys.stderr)
    sys.exit(2)
