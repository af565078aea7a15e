"""The training of a network: rates by layer, batches of like length, a stop where the held-out loss rises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.errors import InputError
from framing.models.network import HEAD, Network, Tokens
from framing.models.pretrained import libraries

Indices = NDArray[np.intp]

Loss = Callable[[Any, Indices], Any]
"""From the logits of some texts, shape (texts, outputs), and their indices to a mean loss."""


@dataclass(frozen=True)
class Plan:
    """How to train: the parameters of `TransformerClassifier` of these names."""

    seed: int
    batch_size: int
    bucket: int
    learning_rate: float
    layer_decay: float
    head_rate: float
    epochs: int
    patience: int
    warm_up: float
    weight_decay: float
    clip: float
    freeze_embeddings: bool


def train(
    network: Network, rows: Tokens, loss_of: Loss, learned: Indices, held_out: Indices, plan: Plan
) -> tuple[list[dict[str, float]], int]:
    """Train a network in place.

    Parameters
    ----------
    rows, learned, held_out
        Tokens of all texts; indices of those to learn from, and of those that tell when to stop.

    Returns
    -------
    tuple
        Per epoch ``epoch, loss, held_out`` (nan without held-out texts), and the epoch, from 1, whose weights stay.

    Raises
    ------
    InputError
        Where the loss is no longer a number.
    """
    from tqdm.auto import tqdm

    torch, _ = libraries()
    history: list[dict[str, float]] = []
    kept: dict[str, Any] = {}
    draw, best, place = np.random.default_rng(plan.seed), np.inf, 0
    steps = plan.epochs * -(-len(learned) // plan.batch_size)
    parts, optimiser, schedule = _optimiser(torch, network, plan, steps)

    def step(batch: Indices) -> float:
        optimiser.zero_grad()
        loss = loss_of(network.forward([rows[i] for i in batch]), batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parts.values(), plan.clip)
        optimiser.step()
        schedule.step()
        bar.update()
        return float(loss.detach()) * len(batch)

    with tqdm(total=steps, desc="fine-tuning", unit="batch") as bar:
        for epoch in range(1, plan.epochs + 1):
            network.encoder.train()
            loss = sum(step(batch) for batch in batches(learned, rows, plan, draw)) / len(learned)
            held = _held_out_loss(network, rows, loss_of, held_out)
            history.append({"epoch": epoch, "loss": loss, "held_out": held})
            bar.set_postfix(loss=f"{loss:.3f}", held_out=f"{held:.3f}")
            if not np.isfinite(loss) or (len(held_out) and not np.isfinite(held)):
                break
            if held < best or not len(held_out) or not plan.patience:
                best, place = held, epoch
                kept = {name: part.detach().clone() for name, part in parts.items()}
            elif epoch - place >= plan.patience:
                break
    if not kept:
        raise InputError("training diverged: the loss is not a number", cure="Choose a lower learning rate.")
    for name, part in parts.items():
        part.data.copy_(kept[name])
    network.encoder.eval()
    return history, place


def _held_out_loss(network: Network, rows: Tokens, loss_of: Loss, held_out: Indices) -> float:
    if not len(held_out):
        return float("nan")
    return float(loss_of(network.predict([rows[i] for i in held_out]).to(network.device), held_out))


def batches(learned: Indices, rows: Tokens, plan: Plan, draw: np.random.Generator) -> Iterator[Indices]:
    """Yield an epoch's batches in random order, of texts of like length: less padding, the same texts.

    Texts are sorted by length within draws of ``bucket`` batches, so that batches differ from epoch to epoch.
    """
    made: list[Indices] = []
    order = draw.permutation(learned)
    for first in range(0, len(order), plan.bucket * plan.batch_size):
        drawn = order[first : first + plan.bucket * plan.batch_size]
        lengths = np.array([len(rows[i]) for i in drawn])
        parts = -(-len(drawn) // plan.batch_size)
        made += np.array_split(drawn[np.argsort(lengths, kind="stable")] if plan.bucket > 1 else drawn, parts)
    return (made[i] for i in draw.permutation(len(made)))


def _optimiser(torch: Any, network: Network, plan: Plan, steps: int) -> tuple[dict[str, Any], Any, Any]:
    """Return the trained parameters, AdamW, and the schedule of its rates.

    Biases and norms do not decay, as in the encoders' own training.
    """
    parts: dict[str, Any] = {}
    groups: dict[tuple[float, float], list[Any]] = {}
    depths = _depths(torch, network.encoder)
    top = max(depths.values(), default=0)
    for name, part in network.parameters().items():
        new = name.startswith(f"{HEAD}.")
        depth = top if new else depths[name]
        part.requires_grad_(not (plan.freeze_embeddings and depth < 0 and not new))
        if not part.requires_grad:
            continue
        parts[name] = part
        rate = plan.learning_rate * (plan.head_rate if new else plan.layer_decay ** (top - depth))
        groups.setdefault((rate, plan.weight_decay if part.ndim > 1 else 0.0), []).append(part)
    optimiser = torch.optim.AdamW([{"params": p, "lr": r, "weight_decay": d} for (r, d), p in groups.items()])
    rise = max(1, round(steps * plan.warm_up))

    def factor(step: int) -> float:
        return min((step + 1) / rise, max(0.0, (steps - step) / max(1, steps - rise)))

    return parts, optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, factor)


def _depths(torch: Any, encoder: Any) -> dict[str, int]:
    """Return the layer of each parameter, from 0; -1 for embeddings, the last layer's for what follows it.

    Layers are the list of modules as long as the configuration says; where there is none (weights shared by
    all layers), all but the embeddings are one layer.
    """
    count = getattr(encoder.config, "num_hidden_layers", 0)
    lists = (n for n, m in encoder.named_modules() if isinstance(m, torch.nn.ModuleList) and len(m) == count)
    stem = next(lists, None)
    words = encoder.get_input_embeddings()
    inside = {id(part) for part in words.parameters()}
    depths = {}
    for name, part in encoder.named_parameters():
        if stem is not None and name.startswith(f"{stem}."):
            depths[name] = int(name[len(stem) + 1 :].split(".")[0])
        elif id(part) in inside or name.startswith("embeddings."):
            depths[name] = -1
        else:
            depths[name] = max(count - 1, 0) if stem is not None else 0
    return depths
