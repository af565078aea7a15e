"""Fitted models on disk, in files that hold data and no code."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol, runtime_checkable
from zipfile import ZIP_DEFLATED, BadZipFile

from framing.errors import InputError
from framing.files import atomic, existing

TRUSTED = (
    "framing.models.classifiers.ValueClassifier",
    "framing.models.ensemble.EnsembleClassifier",
    "framing.models.ensemble._Logistic",
    "framing.models.ensemble._View",
    "framing.models.features.SentenceVectors",
    "framing.models.features.normalised",
    "framing.models.kernel.KernelRegression",
    "framing.models.kernel.KernelValues",
    "framing.models.ngrams.Ngrams",
    "framing.models.sentiment.classifier.AverageClassifier",
    "framing.models.sentiment.classifier.LexiconClassifier",
    "framing.models.sentiment.classifier.ToneClassifier",
    "framing.models.sentiment.learned.LearnedSentiment",
    "framing.models.sentiment.target.TargetClassifier",
    "framing.models.sentiment.target._View",
    "framing.portrayal.voices.RuleVoice",
)
"""What a file may hold besides numbers, texts and scikit-learn's own estimators."""

ENDING = ".skops"


@runtime_checkable
class Folder(Protocol):
    """A model that writes a folder of its own, of safetensors and JSON."""

    def save(self, folder: str | Path) -> None:
        """Write the folder."""


def save_model(model: Any, place: Path) -> str:
    """Write a fitted model and return the name of the file or folder that holds it.

    Parameters
    ----------
    model
        A classifier or scorer of `framing.models`.
    place
        Where, without an ending: a model that can save itself gets a folder, any other a ``.skops`` file.
    """
    if isinstance(model, Folder):
        model.save(place)
        return place.name
    from skops.io import dump, get_untrusted_types

    # skops (MIT) makes nothing but declared types when it reads, where pickle runs whatever it finds.
    with atomic(place.with_name(place.name + ENDING)) as scratch:
        dump(model, scratch, compression=ZIP_DEFLATED)
        foreign = sorted(set(get_untrusted_types(file=scratch)) - set(TRUSTED))
        if foreign:
            raise InputError(
                f"the model holds a {foreign[0]}, which could not be read back",
                cure="Name the encoder (see `framing.models.features.FEATURES`) instead of passing an object.",
            )
    return place.name + ENDING


def load_model(place: Path) -> Any:
    """Read what `save_model` wrote; nothing but the types in `TRUSTED` and those that skops knows is made.

    Raises
    ------
    InputError
        Where the file is missing, damaged, of another version, or holds anything else.
    """
    existing(place)
    if place.is_dir():
        from framing.models.transformer import TransformerClassifier

        return TransformerClassifier.load(place)
    from skops.io import get_untrusted_types, load

    try:
        foreign = sorted(set(get_untrusted_types(file=place)) - set(TRUSTED))
        if not foreign:
            return load(place, trusted=list(TRUSTED))
    except (BadZipFile, KeyError, ValueError, TypeError, AttributeError, ImportError, OSError) as error:
        raise InputError(
            f"not a readable model ({str(error).splitlines()[0] if str(error) else type(error).__name__})",
            file=place,
            cure="Train it anew with this version of the package.",
        ) from None
    raise InputError(
        f"holds a {foreign[0]}, which is not one of ours and is not loaded",
        file=place,
        cure="Use models that `framing train` wrote.",
    )
