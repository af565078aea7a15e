"""The command that has a language model code a study's units."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from framing.cli.shared import StudyFile, writable

if TYPE_CHECKING:
    from framing.models.llm import CostEstimate


def llm(
    model: Annotated[str, typer.Option(help="The model, as the endpoint calls it.")],
    out: Annotated[Path, typer.Option(help="Where to write the codings (.csv, .jsonl or .parquet).")],
    study: StudyFile = None,
    base_url: Annotated[
        str | None, typer.Option(help="An OpenAI-compatible endpoint; by default OpenAI's own.")
    ] = None,
    cache: Annotated[Path, typer.Option(help="File in which replies are kept; a later run goes on from it.")] = Path(
        "llm-replies.sqlite"
    ),
    concurrency: Annotated[int, typer.Option(min=1, help="Requests under way at a time.")] = 1,
    price_in: Annotated[float | None, typer.Option(min=0, help="Price of a million tokens sent.")] = None,
    price_out: Annotated[float | None, typer.Option(min=0, help="Price of a million tokens received.")] = None,
    estimate: Annotated[bool, typer.Option("--estimate", help="Say what it would take, and send nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before the first request.")] = False,
) -> None:
    """Have a language model code a study's units, as one more coder beside the others.

    The prompt is made from the codebook. The key is read from the environment variable OPENAI_API_KEY. An interrupted
    run goes on where it stopped, and nothing is asked twice.

    \b
    Example:
      framing llm --model gpt-oss:20b --base-url http://127.0.0.1:11434/v1 --out llm-codings.csv
    """
    from framing.files import write_table
    from framing.models.llm import LLMCoder
    from framing.study import load_data, load_study

    writable(out)
    chosen = load_study(study)
    data = load_data(chosen)
    coder = LLMCoder(
        data.codebook, model=model, cache=cache, seed=chosen.seed, base_url=base_url, concurrency=concurrency
    )
    cost = coder.estimate(data.units, price_in=price_in, price_out=price_out)
    _tell(cost)
    if estimate:
        return
    if cost.n_calls and not yes:
        typer.confirm("Send these requests?", abort=True)
    codings = coder.code(data.units)
    coded = [v.column for v in data.codebook.variables if v.kind in ("ordinal", "nominal")]
    write_table(codings[["doc_id", "unit", "coder", "frames", *coded]], out)
    print(f"{len(codings)} units coded by {coder.name} in {out}")
    for reason, number in coder.failures["reason"].value_counts().items():
        print(f"{number} units without an answer: {reason}")


def _tell(cost: CostEstimate) -> None:
    price = "" if cost.cost is None else f", about {cost.cost:.2f} at the given prices"
    print(
        f"{cost.n_units} units, {cost.n_cached} answered already: {cost.n_calls} requests (at most "
        f"{cost.n_calls_at_most}), about {cost.tokens_in} tokens sent and {cost.tokens_out} received{price}."
    )
    print(cost.rule)
