"""Any model of the sentence-transformers library as an encoder, on the GPU where there is one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from framing.errors import InputError, MissingDependencyError
from framing.models.encoders import Vectors
from framing.models.pretrained import quiet


class SentenceTransformersEncoder:
    """A model of sentence-transformers (Reimers & Gurevych 2019; Apache-2.0), which is loaded at the first sentence.

    Texts go in as they are; a prompt that the model's authors ask for is added where the model's folder names one as
    its default.

    Parameters
    ----------
    name
        A folder, which is read without a network, or a name on the hub.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._model: Any = None
        self._key = ""

    @property
    def key(self) -> str:
        """Name and a hash of the weights: another version of a model is another encoder."""
        if not self._key:
            self._key = f"st-{Path(self.name).name}-{_digest(self._load())}"
        return self._key

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._load().get_embedding_dimension())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one vector per text, shape (texts, dimension), of length 1.

        Raises
        ------
        MissingDependencyError
            Where sentence-transformers is not installed.
        InputError
            Where there is no such model.
        """
        model = self._load()
        if not len(texts):
            return np.empty((0, self.dimension), dtype=np.float32)
        made = model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(made, dtype=np.float32)

    def _load(self) -> Any:
        if self._model is None:
            try:
                import transformers
                from sentence_transformers import SentenceTransformer
            except ImportError:
                raise MissingDependencyError(
                    "sentence-transformers", f"The encoder 'st:{self.name}'", "pip install 'arabic-framing[st]'"
                ) from None
            local = Path(self.name).is_dir()
            try:
                with quiet(transformers):
                    self._model = SentenceTransformer(self.name, local_files_only=local, trust_remote_code=False)
            except (OSError, ValueError, RuntimeError) as error:
                reason = (str(error).strip() or type(error).__name__).splitlines()[0]
                raise InputError(
                    f"the encoder 'st:{self.name}' cannot be loaded ({reason})",
                    cure=f"Give a folder; a network has it by 'hf download {self.name} --local-dir FOLDER'.",
                ) from None
        return self._model


def _digest(model: Any) -> str:
    """Return a hash of a model's parameters and of how texts are put into it."""
    made = hashlib.sha256(repr((model.max_seq_length, model.prompts, model.default_prompt_name)).encode())
    for name, part in sorted(model.state_dict().items()):
        made.update(name.encode())
        made.update(part.detach().float().cpu().contiguous().numpy().tobytes())
    return made.hexdigest()[:16]
