"""The command that opens the coding desk."""

from __future__ import annotations

import shlex
import sys
import webbrowser
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import Annotated

import typer

from framing.cli.shared import StudyFile


def code(
    coder: Annotated[str, typer.Option(help="Pseudonym of who codes; it names the file of answers.")],
    study: StudyFile = None,
    queue: Annotated[
        Path | None,
        typer.Option(
            help="Who codes what (coder, position, doc_id, unit); by default all units, in an order of one's own."
        ),
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="Folder of answers; by default 'answers' beside the study file.")
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of the page: en or ar (right to left).")] = "en",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; by default any free one.")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """Code a study's units on a page of this machine, one after the other.

    Every answer is on disk before the next unit shows. End with Ctrl+C at any time; the same command goes on where it
    stopped. Each coder sees no answers but their own. The page can be opened from this machine alone.

    \b
    Example:
      framing code my-study/study.toml --coder A
      framing code my-study/study.toml --coder B --lang ar --queue queues.csv
      framing exchange import framing my-study/answers --study my-study/study.toml --out answers.csv
    """
    from framing.coding import read_codebook
    from framing.coding.desk import Desk, Page, blind_queue, open_journal, read_queue, serve
    from framing.coding.desk.journal import coder_name
    from framing.coding.exchange import tasks
    from framing.corpus import read_articles, read_units, segment
    from framing.study import load_study

    coder = coder_name(coder)
    chosen = load_study(study)
    folder = answers or (Path("answers") if study is None else study.parent / "answers")
    codebook = read_codebook(chosen.codebook)
    articles = read_articles(chosen.articles, chosen.sources)
    units = read_units(chosen.segments, articles) if chosen.segments else segment(articles)
    shown = tasks(units, codebook)
    if queue is None:
        order = blind_queue(shown, coder=coder, context=codebook.context, rng=chosen.seed)
    else:
        order = read_queue(queue, shown, coder=coder)
    named = [] if study is None else ["--study", str(study)]
    collect = ["framing", "exchange", "import", "framing", str(folder), *named, "--out", "answers.csv"]
    page = Page(
        title=chosen.title,
        language=lang,
        command=shlex.join([*collect, "--codings", "codings.csv"]),
    )

    def ready(address: str) -> None:
        print(f"{len(order)} units for {coder}; answers in {folder / coder}.jsonl\n{address}", flush=True)
        print("Only this machine can open it. End with Ctrl+C; the same command goes on where you stopped.", flush=True)
        if browser:
            Timer(0.1, webbrowser.open, [address]).start()

    with open_journal(folder, coder) as journal:
        desk = Desk(units, order, codebook, journal)
        for notice in desk.notices:
            print(f"Note: {notice}", file=sys.stderr)
        with suppress(KeyboardInterrupt):
            serve(desk, page, port=port, ready=ready)
        state = desk.state()
        print(f"\n{state['coded']} of {state['total']} units coded, {state['skipped']} put off; all on disk.")
