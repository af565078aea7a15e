"""One study file run through all rooms."""

from __future__ import annotations

from framing.study.config import Study, load_study
from framing.study.data import StudyData, load_data
from framing.study.init import init_study
from framing.study.model import load_predictor, train
from framing.study.portrayal import portray
from framing.study.prediction import Predictor
from framing.study.run import StudyResults, run_study
from framing.study.validation import validate_study

__all__ = [
    "Predictor",
    "Study",
    "StudyData",
    "StudyResults",
    "init_study",
    "load_data",
    "load_predictor",
    "load_study",
    "portray",
    "run_study",
    "train",
    "validate_study",
]
