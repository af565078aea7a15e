"""Pretrained encoders: loading them from a folder or the hub, or saying what to download."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from framing.errors import InputError, MissingDependencyError
from framing.models.embedded import EMBEDDED, embedded_encoder


def libraries(purpose: str = "Fine-tuning an encoder") -> tuple[Any, Any]:
    """Import and return torch and transformers, or raise MissingDependencyError."""
    for package in ("torch", "transformers"):
        try:
            __import__(package)
        except ImportError:
            raise MissingDependencyError(package, purpose, f"pip install {package}") from None
    import torch
    import transformers

    return torch, transformers


def device_named(torch: Any, name: str | None) -> Any:
    """Return torch's device of that name; by default cuda where there is one, else the CPU."""
    if name is None:
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        raise InputError(f"no device '{name}' ({str(error).splitlines()[0]})", cure="Use cpu, or none.") from None
    return device


@contextmanager
def quiet(transformers: Any) -> Iterator[None]:
    """Hold back the library's report of weights that are new or unused, and its bars; then restore its settings."""
    log = transformers.utils.logging
    level, bars = log.get_verbosity(), log.is_progress_bar_enabled()
    log.set_verbosity_error()
    log.disable_progress_bar()
    try:
        yield
    finally:
        log.set_verbosity(level)
        if bars:
            log.enable_progress_bar()


def half_precision(torch: Any, device: Any) -> bool:
    """Tell whether the device multiplies bfloat16 natively.

    Then the embedded encoder learns in two thirds of the time of single precision, and predicts in little over half.
    """
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    found: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return device.type == "cpu" and bool(found.get("avx512_bf16") or found.get("amx_bf16"))


def load_encoder(name: str, *, trained: bool = False) -> tuple[Any, Any]:
    """Load tokenizer and encoder, in single precision and without a pooler.

    Parameters
    ----------
    name
        `EMBEDDED`, a folder, which is read without a network, or a name on the hub.
    trained
        Every weight must be in the folder; otherwise what is missing is drawn from torch's random state.

    Raises
    ------
    InputError
        Where there is no such model here or on the hub, saying what to download.
    """
    torch, transformers = libraries()
    name = str(embedded_encoder()) if name == EMBEDDED else name
    with _loading(name, "encoder", transformers) as settings:
        tokenizer = transformers.AutoTokenizer.from_pretrained(name, **settings)
        encoder, report = transformers.AutoModel.from_pretrained(
            name,
            use_safetensors=True if trained else None,  # what we saved needs no pickle, so none is read
            dtype=torch.float32,
            output_loading_info=True,
            **settings,
        )
    missing = sorted(part for part in report["missing_keys"] if not part.startswith("pooler."))
    if trained and missing:
        raise InputError(f"the weights lack {missing[0]}", file=name, cure="Train and save the model anew.")
    if getattr(encoder, "pooler", None) is not None:
        encoder.pooler = None  # we pool the last layer's states ourselves
    return tokenizer, encoder


def load_classifier(name: str) -> tuple[Any, Any]:
    """Load tokenizer and trained classifier of whole texts, in single precision.

    Parameters
    ----------
    name
        A folder, which is read without a network, or a name on the hub.

    Raises
    ------
    InputError
        Where there is no such model here or on the hub, or it has not been trained to classify.
    """
    torch, transformers = libraries("A classifier of the transformers library")
    with _loading(name, "classifier", transformers) as settings:
        tokenizer = transformers.AutoTokenizer.from_pretrained(name, **settings)
        model, report = transformers.AutoModelForSequenceClassification.from_pretrained(
            name, dtype=torch.float32, output_loading_info=True, **settings
        )
    if report["missing_keys"]:
        raise InputError(
            f"the model '{name}' was not trained to classify texts (its weights lack {min(report['missing_keys'])})",
            cure="Give a model that was, or train one: framing.models.transformer.TransformerClassifier.",
        )
    return tokenizer, model


@contextmanager
def _loading(name: str, what: str, transformers: Any) -> Iterator[dict[str, bool]]:
    """Give the settings of a safe loading, hold back reports, and say what to do where loading fails."""
    local = Path(name).is_dir()
    if not local and (Path(name).is_absolute() or name.startswith(".") or len(Path(name).parts) > 2):
        raise InputError(f"folder of the {what} not found", file=name, cure="Check the path, or give a hub name.")
    try:
        with quiet(transformers):
            # Without the second the library asks at the terminal whether to run the code that lies with a model.
            yield {"local_files_only": local, "trust_remote_code": False}
    except (OSError, ValueError, RuntimeError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        cure = (
            "The folder needs config.json, the tokenizer's files and model.safetensors."
            if local
            else f"Where there is a network, run 'hf download {name} --local-dir FOLDER', and give FOLDER as the model."
        )
        raise InputError(f"the {what} '{name}' cannot be loaded ({reason})", cure=cure) from None
