"""The classifiers of a study that are validated beside each other, with what each learns from besides gold."""

from __future__ import annotations

from framing.coding.codebook import FRAME_PREFIX, TARGET_PREFIX, Variable
from framing.models.classifiers import AlwaysClassifier, MajorityClassifier, ValueClassifier
from framing.models.frames import frame_classifier
from framing.models.validation import Classifier, Extra
from framing.portrayal.voices import VOICES, RuleVoice
from framing.study.backends import frame_model, tone_models
from framing.study.config import Study
from framing.study.data import StudyData, constructed, constructed_targets
from framing.study.targets import target_models

Systems = dict[str, tuple[Classifier, Extra | None]]

MAIN = "embedding"
"""The system of the study's encoder, where that is not tfidf itself."""


def frame_systems(study: Study, data: StudyData) -> Systems:
    """Return the classifiers of frames to compare, the study's own first, without the baselines."""
    book = data.codebook
    extra = constructed(book, data.exemplars, [FRAME_PREFIX + frame for frame in book.frame_ids])
    main: Classifier = frame_model(study, book)
    others: dict[str, Classifier] = {
        name: frame_classifier(encoder, context=book.context, seed=study.seed)
        for name, encoder in _encoders(study).items()
    }
    if study.backend == "llm":  # it learns from the codebook alone
        return {"llm": (main, None), **_with_and_without(others, extra)}
    name = next(iter(others)) if study.backend == "embedding" else study.backend
    return _with_and_without({name: main, **{n: m for n, m in others.items() if n != name}}, extra)


def value_systems(study: Study, data: StudyData, variable: Variable) -> tuple[Systems, tuple[object, ...]]:
    """Return the classifiers of a variable with one value per unit, without the baselines, and its values."""
    values = tuple(float(v) if isinstance(v, int) else v for v in variable.values)
    extra = constructed(data.codebook, data.exemplars, [variable.column])
    if variable.id == "tone":
        scorers: Systems = {name: (model, extra) for name, model in tone_models(study, data.codebook).items()}
        return scorers | ({"learned_gold": (scorers["learned"][0], None)} if extra is not None else {}), values
    if variable.id.startswith(TARGET_PREFIX):
        extra = constructed_targets(data.codebook.target_tone, data.target_exemplars)
        readers, whole = target_models(study, values, _encoders(study))
        return {**_with_and_without(readers, extra), **_with_and_without(whole, None)}, values
    models: dict[str, Classifier] = {
        name: ValueClassifier(values, encoder) for name, encoder in _encoders(study).items()
    }
    systems = _with_and_without(models, extra)
    if variable.id == "voice" and set(variable.values) == set(VOICES):
        rules: Systems = {"rules": (RuleVoice(), None)}
        systems = {**rules, **systems} if study.voice == "rules" else {**systems, **rules}
    return systems, values


def _encoders(study: Study) -> dict[str, str]:
    """Return the features to compare, by the name of their system."""
    return {"tfidf": "tfidf"} if study.encoder == "tfidf" else {MAIN: study.encoder, "tfidf": "tfidf"}


def _with_and_without(models: dict[str, Classifier], extra: Extra | None) -> Systems:
    """Add the first model without the exemplars, where there are any."""
    systems: Systems = {}
    for number, (name, model) in enumerate(models.items()):
        systems[name] = (model, extra)
        if number == 0 and extra is not None:
            systems[f"{name}_gold"] = (model, None)
    return systems


def baselines(*, frames: bool) -> Systems:
    """Return the classifiers that know no text."""
    found: Systems = {"majority": (MajorityClassifier(), None)}
    return {**found, "always": (AlwaysClassifier(), None)} if frames else found
