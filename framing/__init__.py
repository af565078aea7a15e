"""How Arabic outlets portray the same event: frames, tone and voice, coded, classified and compared.

Every public name below can be imported from ``framing``; each room is loaded when one of its names is first used,
so that ``import framing`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framing.coding import Codebook as Codebook
    from framing.coding import agreement as agreement
    from framing.coding import majority_gold as majority_gold
    from framing.coding import read_codebook as read_codebook
    from framing.coding import read_codings as read_codings
    from framing.coding import read_gold as read_gold
    from framing.comparison import Design as Design
    from framing.comparison import Rates as Rates
    from framing.comparison import contrasts as contrasts
    from framing.comparison import cooccurrence as cooccurrence
    from framing.comparison import corrected as corrected
    from framing.comparison import corrected_differences as corrected_differences
    from framing.comparison import cross_table as cross_table
    from framing.comparison import draw_sample as draw_sample
    from framing.comparison import means as means
    from framing.comparison import observed_rates as observed_rates
    from framing.comparison import plan as plan
    from framing.comparison import profile_distance as profile_distance
    from framing.comparison import regressions as regressions
    from framing.comparison import shares as shares
    from framing.corpus import compare_splitters as compare_splitters
    from framing.corpus import normalise as normalise
    from framing.corpus import read_articles as read_articles
    from framing.corpus import read_units as read_units
    from framing.corpus import segment as segment
    from framing.errors import FramingError as FramingError
    from framing.errors import InputError as InputError
    from framing.models.frames import frame_classifier as frame_classifier
    from framing.models.sentiment import LearnedSentiment as LearnedSentiment
    from framing.models.sentiment import LexiconSentiment as LexiconSentiment
    from framing.models.sentiment import towards as towards
    from framing.portrayal import mentions as mentions
    from framing.results import Result as Result
    from framing.study import Predictor as Predictor
    from framing.study import Study as Study
    from framing.study import init_study as init_study
    from framing.study import load_data as load_data
    from framing.study import load_predictor as load_predictor
    from framing.study import load_study as load_study
    from framing.study import portray as portray
    from framing.study import run_study as run_study
    from framing.study import train as train
    from framing.study import validate_study as validate_study

_ROOMS = {
    "framing.errors": ("FramingError", "InputError"),
    "framing.results": ("Result",),
    "framing.corpus": ("compare_splitters", "normalise", "read_articles", "read_units", "segment"),
    "framing.coding": (
        "Codebook",
        "agreement",
        "majority_gold",
        "read_codebook",
        "read_codings",
        "read_gold",
    ),
    "framing.models.frames": ("frame_classifier",),
    "framing.models.sentiment": ("LearnedSentiment", "LexiconSentiment", "towards"),
    "framing.portrayal": ("mentions",),
    "framing.comparison": (
        "Design",
        "Rates",
        "contrasts",
        "cooccurrence",
        "corrected",
        "corrected_differences",
        "cross_table",
        "draw_sample",
        "means",
        "observed_rates",
        "plan",
        "profile_distance",
        "regressions",
        "shares",
    ),
    "framing.study": (
        "Predictor",
        "Study",
        "init_study",
        "load_data",
        "load_predictor",
        "load_study",
        "portray",
        "run_study",
        "train",
        "validate_study",
    ),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'framing' has no attribute '{name}'")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
