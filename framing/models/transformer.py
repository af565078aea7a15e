"""Fine-tuning: any encoder of the transformers library as a classifier of units."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import GroupShuffleSplit, ShuffleSplit

from framing.errors import InputError
from framing.files import atomic, existing, read_text
from framing.models.pretrained import device_named, libraries, load_encoder, quiet

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

MAX_WEIGHT = 20.0
"""Bound of a class weight: a label seen twice in a thousand units must not drive the gradient alone."""

CARD = "classifier.json"
"""Beside the weights in a saved folder: parameters, labels, and what was constant in training."""


class TransformerClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Classifier that fine-tunes an encoder: several labels where ``y`` has two dimensions, else one value.

    Sensible encoders for Arabic news are AraBERT (``aubmindlab/bert-base-arabertv02``) and CAMeLBERT
    (``CAMeL-Lab/bert-base-arabic-camelbert-mix``). A folder is loaded without a network; no code that lies
    with a model is executed.

    Part of the training data is held out, by whole groups where groups are given; training stops when its loss
    has not fallen for ``patience`` epochs, and the best weights are restored. Labels are weighted by their
    rarity (bounded by `MAX_WEIGHT`). On a CPU the same seed gives the same model; some GPU kernels add in
    changing order, so that the last digits may differ there.

    Parameters
    ----------
    model
        Name on the Hugging Face hub, or a folder.
    seed
        Of the split, the order of the units, the new layer and dropout. The process's own random state is
        left as it was.
    values
        All values where ``y`` holds one value per text, in the codebook's order; by default those of training.
        One that training never showed gets probability 0.
    threshold
        Probability from which one of several labels is decided to be present.
    max_length
        Tokens after which a text is cut, at most what the encoder takes.
    batch_size, learning_rate, epochs, weight_decay, clip
        Of AdamW; ``epochs`` is the upper bound, ``clip`` that of the gradient's norm.
    patience, validation
        Epochs without a fall of the held-out loss, and the share held out (0: none, and no early stopping).
    warm_up
        Share of the steps in which the learning rate rises; then it falls to 0.
    device
        As torch names it; by default ``cuda`` where there is one, else ``cpu``.

    Attributes
    ----------
    history_ : list of dict
        Per epoch ``epoch, loss, held_out`` (held_out nan without a split).
    best_epoch_ : int
        Whose weights are in use, from 1; 0 where there was nothing to learn.
    """

    def __init__(
        self,
        model: str | Path,
        *,
        seed: int,
        values: tuple[object, ...] = (),
        threshold: float = 0.5,
        max_length: int = 128,
        batch_size: int = 16,
        learning_rate: float = 3e-5,
        epochs: int = 10,
        patience: int = 2,
        validation: float = 0.15,
        warm_up: float = 0.1,
        weight_decay: float = 0.01,
        clip: float = 1.0,
        device: str | None = None,
    ) -> None:
        self.model, self.seed, self.values, self.threshold = model, seed, values, threshold
        self.max_length, self.batch_size, self.learning_rate = max_length, batch_size, learning_rate
        self.epochs, self.patience, self.validation = epochs, patience, validation
        self.warm_up, self.weight_decay, self.clip, self.device = warm_up, weight_decay, clip, device

    def fit(self, texts: Sequence[str], y: ArrayLike, groups: ArrayLike | None = None) -> TransformerClassifier:
        """Learn from texts and gold.

        Parameters
        ----------
        texts : length n
        y : shape (n, labels), bool, or shape (n,)
        groups : length n
            Articles, or groups of near-duplicates, that must not stand on both sides of the held-out split.

        Raises
        ------
        InputError
            Where lengths differ or are 0, a value is unknown, the model cannot be loaded, or training diverges.
        MissingDependencyError
            Where torch or transformers is not installed.
        """
        texts, gold = list(texts), np.asarray(y)
        group = None if groups is None else np.asarray(groups)
        if not texts or len(texts) != len(gold) or (group is not None and len(group) != len(texts)):
            sizes = f"{len(texts)} texts, {len(gold)} labels" + ("" if group is None else f", {len(group)} groups")
            raise InputError(f"cannot learn from {sizes}", cure="Give one label and one group to each text.")
        torch, _ = libraries()
        targets, weights = self._targets(gold)
        self.history_: list[dict[str, float]] = []
        self.best_epoch_ = 0
        self.device_ = device_named(torch, self.device)
        if not len(self.learned_):  # every label is constant: nothing to learn, nothing to load
            return self
        cuda = range(torch.cuda.device_count()) if self.device_.type == "cuda" else ()
        with torch.random.fork_rng(devices=list(cuda)):
            torch.manual_seed(self.seed)
            self.tokenizer_, self.network_ = load_encoder(str(self.model), len(self.learned_))
            self.network_.to(self.device_)
            self._train(torch, texts, targets, weights, *self._split(len(texts), group))
        return self

    def predict_proba(self, texts: Sequence[str]) -> Array:
        """Return the probability of each label or value, shape (texts, labels)."""
        texts = list(texts)
        probabilities: Array = np.tile(self.constant_, (len(texts), 1))
        if texts and len(self.learned_):
            torch, _ = libraries()
            logits = self._logits(torch, texts)
            found = torch.sigmoid(logits) if self.several_ else torch.softmax(logits, dim=1)
            probabilities[:, self.learned_] = found.double().numpy()
        return probabilities

    def predict(self, texts: Sequence[str]) -> NDArray[Any]:
        """Return which labels are present, shape (texts, labels), or the most probable value, shape (texts,)."""
        found = self.predict_proba(texts)
        return found >= self.threshold if self.several_ else self.classes_[found.argmax(axis=1)]

    def save(self, folder: str | Path) -> None:
        """Write a folder that `load` reads without executing code: safetensors and JSON."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if len(self.learned_):
            with quiet(libraries()[1]):
                self.network_.save_pretrained(folder)
                self.tokenizer_.save_pretrained(folder)
        card = {
            "parameters": self.get_params() | {"model": str(self.model)},
            "several": self.several_,
            "classes": self.classes_.tolist(),
            "learned": self.learned_.tolist(),
            "constant": self.constant_.tolist(),
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
            found.several_, found.classes_ = bool(card["several"]), np.asarray(card["classes"])
            found.learned_ = np.asarray(card["learned"], dtype=np.intp)
            found.constant_ = np.asarray(card["constant"], dtype=float)
            found.history_, found.best_epoch_ = card["history"], card["best_epoch"]
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"not a saved classifier ({error})", file=file, cure="Train and save it anew.") from None
        if len(found.learned_):
            found.device_ = device_named(libraries()[0], device)
            found.tokenizer_, found.network_ = load_encoder(str(folder), len(found.learned_), trained=True)
            found.network_.to(found.device_)
        return found

    def _targets(self, gold: NDArray[Any]) -> tuple[NDArray[Any], Array]:
        """Tell what can be learned from what is constant; return targets and weights of the former."""
        self.several_ = gold.ndim == 2
        if self.several_:
            hits = gold.astype(bool)
            self.classes_ = np.arange(hits.shape[1])
            share = hits.mean(axis=0)
            self.learned_ = np.flatnonzero((share > 0) & (share < 1))
            self.constant_ = np.where(share == 1, 1.0, 0.0)
            share = share[self.learned_]
            return hits[:, self.learned_].astype(np.float32), np.minimum((1 - share) / share, MAX_WEIGHT)
        self.classes_ = np.asarray(self.values) if self.values else np.unique(gold)
        place = {value: index for index, value in enumerate(self.classes_.tolist())}
        unknown = [value for value in gold.tolist() if value not in place]
        if unknown:
            raise InputError(
                f"unknown value '{unknown[0]}'",
                cure=f"Use one of {', '.join(map(str, place))}; leave missing ones out.",
            )
        codes = np.asarray([place[value] for value in gold.tolist()])
        seen, targets, counts = np.unique(codes, return_inverse=True, return_counts=True)
        self.constant_ = np.zeros(len(self.classes_))
        self.learned_ = seen if len(seen) > 1 else seen[:0]
        if len(seen) == 1:
            self.constant_[seen] = 1.0
        return targets, np.minimum(len(gold) / (len(seen) * counts), MAX_WEIGHT)

    def _split(self, n: int, groups: NDArray[Any] | None) -> tuple[Indices, Indices]:
        """Return indices to train on and to hold out; the latter empty where nothing can be held out."""
        places = n if groups is None else len(np.unique(groups))
        if self.validation <= 0 or places < 2:
            return np.arange(n), np.arange(0)
        splitter = ShuffleSplit if groups is None else GroupShuffleSplit
        split = splitter(n_splits=1, test_size=self.validation, random_state=self.seed)
        return next(split.split(np.zeros(n), groups=groups))  # type: ignore[no-any-return]

    def _train(
        self, torch: Any, texts: list[str], targets: NDArray[Any], weights: Array, train: Indices, held_out: Indices
    ) -> None:
        from tqdm.auto import tqdm

        weight = torch.tensor(weights, dtype=torch.float32, device=self.device_)
        loss_of = torch.nn.BCEWithLogitsLoss(pos_weight=weight) if self.several_ else torch.nn.CrossEntropyLoss(weight)
        goal = torch.as_tensor(targets, device=self.device_)
        batches = -(-len(train) // self.batch_size)
        optimiser, schedule = self._optimiser(torch, batches * self.epochs)
        order, best, kept = np.random.default_rng(self.seed), np.inf, None
        with tqdm(total=batches * self.epochs, desc="fine-tuning", unit="batch") as bar:
            for epoch in range(1, self.epochs + 1):
                self.network_.train()
                total = 0.0
                for batch in np.array_split(order.permutation(train), batches):
                    optimiser.zero_grad()
                    logits = self.network_(**self._tokens([texts[i] for i in batch])).logits
                    loss = loss_of(logits, goal[torch.as_tensor(batch, device=self.device_)])
                    loss.backward()
                    torch.nn.utils.clip_grad_norm_(self.network_.parameters(), self.clip)
                    optimiser.step()
                    schedule.step()
                    total += float(loss.detach()) * len(batch)
                    bar.update()
                held = float("nan")
                if len(held_out):
                    logits = self._logits(torch, [texts[i] for i in held_out])
                    held = float(loss_of(logits.to(self.device_), goal[torch.as_tensor(held_out, device=self.device_)]))
                self.history_.append({"epoch": epoch, "loss": total / len(train), "held_out": held})
                bar.set_postfix(loss=f"{total / len(train):.3f}", held_out=f"{held:.3f}")
                if not np.isfinite(total) or (len(held_out) and not np.isfinite(held)):
                    break
                if held < best or not len(held_out):
                    best, self.best_epoch_ = held, epoch
                    kept = {name: part.detach().clone() for name, part in self.network_.state_dict().items()}
                elif epoch - self.best_epoch_ >= self.patience:
                    break
        if kept is None:
            raise InputError("training diverged: the loss is not a number", cure="Choose a lower learning rate.")
        self.network_.load_state_dict(kept)
        self.network_.eval()

    def _optimiser(self, torch: Any, steps: int) -> tuple[Any, Any]:
        """Return AdamW and its schedule; biases and norms do not decay, as in the encoders' own training."""
        parts = list(self.network_.parameters())
        groups = [
            {"params": [p for p in parts if p.ndim > 1], "weight_decay": self.weight_decay},
            {"params": [p for p in parts if p.ndim <= 1], "weight_decay": 0.0},
        ]
        optimiser = torch.optim.AdamW(groups, lr=self.learning_rate)
        rise = max(1, round(steps * self.warm_up))

        def factor(step: int) -> float:
            return min((step + 1) / rise, max(0.0, (steps - step) / max(1, steps - rise)))

        return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, factor)

    def _tokens(self, texts: list[str]) -> Any:
        bound = getattr(self.network_.config, "max_position_embeddings", self.max_length)
        length = min(self.max_length, bound, self.tokenizer_.model_max_length)
        made = self.tokenizer_(texts, padding=True, truncation=True, max_length=length, return_tensors="pt")
        return made.to(self.device_)

    def _logits(self, torch: Any, texts: list[str]) -> Any:
        """Return logits on the CPU, shape (texts, learned labels)."""
        self.network_.eval()
        steps = range(0, len(texts), self.batch_size)
        with torch.inference_mode():
            parts = [self.network_(**self._tokens(texts[i : i + self.batch_size])).logits.cpu() for i in steps]
        return torch.cat(parts)
