"""A language model as one more coder, over any OpenAI-compatible endpoint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from framing.coding.codebook import FRAME_PREFIX, MENTION_PREFIX, TARGET_PREFIX, Codebook
from framing.coding.codings import SEPARATOR
from framing.models.llm.cache import Reply, ReplyCache
from framing.models.llm.cost import CostEstimate, tokens
from framing.models.llm.endpoint import Endpoint, Message, UnansweredError
from framing.models.llm.prompt import (
    Answer,
    AnswerError,
    answer_schema,
    correction,
    read_answer,
    system_prompt,
    user_prompts,
)
from framing.schema import KEY

FAILURE_COLUMNS = [*KEY, "reason", "detail", "requests"]


@dataclass(frozen=True)
class _Outcome:
    """An answer, or why there is none."""

    answer: Answer | None
    requests: int
    reason: str = ""
    detail: str = ""


class _NotAskedError(Exception):
    """A reply would have to be asked for."""


class LLMCoder:
    """Codes units by asking a language model, exactly as the codebook tells coders to.

    Each reply is kept on disk as it comes, by the hash of model, parameters, codebook version and everything
    that was said; a run that was interrupted goes on where it stopped and asks nothing twice, and so are
    failures remembered (another seed asks anew). An answer that the codebook does not allow is asked for again,
    saying what was wrong; a unit that stays without one is missing from the codings and stands in ``failures``.

    Parameters
    ----------
    codebook
        What is coded; the prompt is made from it alone.
    model
        As the endpoint calls it.
    cache
        SQLite file of the replies.
    seed
        Sent with each request (None: not sent) and used for the jitter between retries.
    base_url, api_key
        Of the endpoint; by default what the client library finds in its environment variables.
    temperature
        None: not sent, for models that take none.
    max_retries
        Repetitions of a request that failed on the way (rate limit, server error, timeout, connection).
    max_reasks
        Repetitions of a question whose answer cannot be used.
    timeout
        Of one request, in seconds.
    concurrency
        Requests under way at a time.
    name
        The coder's name in the codings; by default ``llm:<model>``.
    parameters
        Further ones of the endpoint, sent as they are (``max_tokens``, ``reasoning_effort``, ...).
    sleep
        Called with the seconds between retries; for tests.

    Attributes
    ----------
    failures : pandas.DataFrame
        Of the last `code`: ``doc_id, unit, reason, detail, requests``. ``refused``: by the model, a filter or the
        endpoint; ``unusable``: no answer that the codebook allows; ``rejected``: not accepted before any other
        was; ``unavailable``: retries used up. The last two are asked again by the next run.
    """

    def __init__(
        self,
        codebook: Codebook,
        *,
        model: str,
        cache: str | Path,
        seed: int | None,
        base_url: str | None = None,
        api_key: str | None = None,
        temperature: float | None = 0.0,
        max_retries: int = 6,
        max_reasks: int = 2,
        timeout: float = 120.0,
        concurrency: int = 1,
        name: str | None = None,
        parameters: Mapping[str, object] | None = None,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self.codebook, self.model, self.cache, self.seed = codebook, model, Path(cache), seed
        self.base_url, self.api_key, self.timeout, self.sleep = base_url, api_key, timeout, sleep
        self.max_retries, self.max_reasks, self.concurrency = max_retries, max_reasks, concurrency
        self.name = name or f"llm:{model}"
        fixed = {"temperature": temperature, "seed": seed}
        self.parameters = {key: value for key, value in fixed.items() if value is not None} | dict(parameters or {})
        self.failures = pd.DataFrame(columns=FAILURE_COLUMNS)

    def estimate(
        self, units: pd.DataFrame, *, price_in: float | None = None, price_out: float | None = None
    ) -> CostEstimate:
        """Tell what coding these units would take, sending nothing.

        Parameters
        ----------
        units
            As in `code`.
        price_in, price_out
            Of a million tokens, in any one currency.
        """
        prompts = user_prompts(units, self.codebook.context)

        def never(_: Sequence[Message]) -> Reply:
            raise _NotAskedError

        open_prompts = []
        with ReplyCache(self.cache) as cache:
            for prompt in prompts["prompt"].unique():
                try:
                    self._dialogue(prompt, cache, never)
                except _NotAskedError:
                    open_prompts.append(prompt)
        calls = len(open_prompts)
        each = tokens(system_prompt(self.codebook)) + tokens(json.dumps(answer_schema(self.codebook))) + 20
        tokens_in = each * calls + sum(map(tokens, open_prompts))
        tokens_out = calls * (tokens(self._longest_answer()) + 10)
        priced = price_in is not None and price_out is not None
        return CostEstimate(
            n_units=len(prompts),
            n_cached=int((~prompts["prompt"].isin(open_prompts)).sum()),
            n_calls=calls,
            n_calls_at_most=calls * (self.max_reasks + 1),
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            cost=(tokens_in * (price_in or 0) + tokens_out * (price_out or 0)) / 1e6 if priced else None,
        )

    def code(self, units: pd.DataFrame) -> pd.DataFrame:
        """Code units; boilerplate is passed over.

        Parameters
        ----------
        units
            ``doc_id, unit, unit_type, text``; the outlet is never shown to the model.

        Returns
        -------
        pandas.DataFrame
            Codings as `framing.read_codings` returns them, sorted by key, without the units in ``failures``.

        Raises
        ------
        EndpointError
            Where the endpoint refuses key or model, or several units in a row get no answer.
        InputError
            Where units or cache cannot be used.
        MissingDependencyError
            Where something must be asked and the client library is not installed.
        """
        prompts = user_prompts(units, self.codebook.context)
        with ReplyCache(self.cache) as cache, self._endpoint() as endpoint:
            outcomes = self._outcomes(list(prompts["prompt"].unique()), cache, endpoint)
        found = [outcomes[prompt] for prompt in prompts["prompt"]]
        failed = [
            {"doc_id": d, "unit": u, "reason": o.reason, "detail": o.detail, "requests": o.requests}
            for d, u, o in zip(prompts["doc_id"], prompts["unit"], found, strict=True)
            if o.answer is None
        ]
        self.failures = pd.DataFrame(failed, columns=FAILURE_COLUMNS)
        answered = prompts.loc[[o.answer is not None for o in found], KEY].reset_index(drop=True)
        return _codings(answered, [o.answer for o in found if o.answer is not None], self.codebook, self.name)

    def _endpoint(self) -> Endpoint:
        return Endpoint(
            model=self.model,
            base_url=self.base_url,
            api_key=self.api_key,
            timeout=self.timeout,
            parameters=self.parameters,
            schema=answer_schema(self.codebook),
            max_retries=self.max_retries,
            rng=np.random.default_rng(self.seed),
            sleep=self.sleep,
        )

    def _outcomes(self, prompts: list[str], cache: ReplyCache, endpoint: Endpoint) -> dict[str, _Outcome]:
        from tqdm.auto import tqdm

        outcomes: dict[str, _Outcome] = {}
        with _pool(self.concurrency, endpoint) as pool, tqdm(total=len(prompts), desc=self.name, unit="unit") as bar:
            jobs = {pool.submit(self._dialogue, prompt, cache, endpoint.ask): prompt for prompt in prompts}
            for job in as_completed(jobs):
                outcomes[jobs[job]] = job.result()
                bar.update()
        return outcomes

    def _dialogue(self, prompt: str, cache: ReplyCache, ask: Callable[[Sequence[Message]], Reply]) -> _Outcome:
        """Ask about one unit until the answer can be used; what was asked before is read from the cache."""
        messages = [
            {"role": "system", "content": system_prompt(self.codebook)},
            {"role": "user", "content": prompt},
        ]
        problem = ""
        for requests in range(1, self.max_reasks + 2):
            key = self._key(messages)
            reply = cache.get(key)
            if reply is None:
                try:
                    reply = ask(messages)
                except UnansweredError as error:
                    return _Outcome(None, requests, error.reason, error.detail)
                cache.put(key, reply)
            if reply.refusal:
                return _Outcome(None, requests, "refused", reply.refusal)
            try:
                return _Outcome(read_answer(reply.content, self.codebook), requests)
            except AnswerError as error:
                problem = "it was cut off" if reply.finish == "length" else str(error)
            answered = {"role": "assistant", "content": reply.content or "(nothing)"}
            messages = [*messages, answered, {"role": "user", "content": correction(problem)}]
        return _Outcome(None, self.max_reasks + 1, "unusable", problem)

    def _key(self, messages: Sequence[Message]) -> str:
        said = [self.model, self.parameters, self.codebook.name, self.codebook.version, list(messages)]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode("utf-8")).hexdigest()

    def _longest_answer(self) -> str:
        book = self.codebook
        longest = max((*book.voice, ""), key=len)
        targets = dict.fromkeys(book.party_ids)
        frames = dict.fromkeys(book.frame_ids, False)
        return json.dumps({"frames": frames, "tone": -1, "targets": targets, "voice": longest})


@contextmanager
def _pool(size: int, endpoint: Endpoint) -> Iterator[ThreadPoolExecutor]:
    """Give a pool that, when the run breaks off, ends what is under way, keeps it, and begins nothing else."""
    pool = ThreadPoolExecutor(max_workers=size)
    try:
        yield pool
    finally:
        endpoint.stop()
        pool.shutdown(cancel_futures=True)


def _codings(keys: pd.DataFrame, answers: list[Answer], codebook: Codebook, name: str) -> pd.DataFrame:
    """Put answers into the columns and types of parsed codings."""
    table = keys.assign(
        coder=pd.Series(name, index=keys.index, dtype="str"),
        frames=pd.Series(
            [SEPARATOR.join(f for f in codebook.frame_ids if f in answer.frames) for answer in answers], dtype="str"
        ),
    )
    if codebook.tone:
        table["tone"] = np.array([answer.tone for answer in answers], dtype=float)
    for party in codebook.party_ids:
        table[TARGET_PREFIX + party] = np.array([answer.targets[party] for answer in answers], dtype=float)
    if codebook.voice:
        table["voice"] = pd.Series([answer.voice for answer in answers], dtype="str")
    for frame in codebook.frame_ids:
        table[FRAME_PREFIX + frame] = np.array([frame in answer.frames for answer in answers], dtype=bool)
    for party in codebook.party_ids:
        table[MENTION_PREFIX + party] = table[TARGET_PREFIX + party].notna()
    return table
