"""One request to an OpenAI-compatible endpoint: structured where it can be, retried where that may help."""

from __future__ import annotations

import email.utils
import os
import time
from collections.abc import Callable, Mapping, Sequence
from threading import Event, Lock
from typing import Any, NoReturn

import numpy as np

from framing.errors import FramingError, MissingDependencyError
from framing.models.llm.cache import Reply

Message = dict[str, str]

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds before the first repetition, doubled for each further one up to the longest."""

PATIENCE = 600.0
"""Longest wait, in seconds, that an endpoint may ask for before we stop and leave the rest for later."""


GIVE_UP_AFTER = 3
"""Requests in a row without an answer after which we stop: then it is the endpoint and not the text."""


RETRIED = (408, 409, 425, 429)
"""Statuses below 500 that may pass: timeout, conflict, too early, too many requests."""

FILTERED = ("content_filter", "content_policy_violation")
NO_CREDIT = ("insufficient_quota", "billing_hard_limit_reached")


class EndpointError(FramingError):
    """The endpoint will not answer anything as things stand: wrong key, wrong model, no credit, gone for long."""

    def __init__(self, problem: str, cure: str) -> None:
        super().__init__(f"the language model's endpoint: {problem}. {cure} What was answered is kept.")


class UnansweredError(Exception):
    """One request was not answered, though others may be: ``reason`` is ``rejected`` or ``unavailable``."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


class Endpoint:
    """Asks a language model.

    Structured output is asked for by JSON schema; where the endpoint refuses that, as a JSON object; where it
    refuses that too, in words alone. Rate limits, server errors, timeouts and dropped connections are retried
    with exponential back-off and jitter, no sooner than the endpoint's ``Retry-After``.

    Parameters
    ----------
    model, base_url, api_key, timeout
        For the official client. Without a key its own environment variable ``OPENAI_API_KEY`` counts; with a
        ``base_url`` neither is needed.
    parameters
        Sent with each request as they are.
    schema
        JSON schema of an answer.
    max_retries
        Repetitions of one request.
    rng
        For the jitter.
    sleep
        Called with seconds; by default waits, and wakes when `stop` is called.
    """

    def __init__(
        self,
        *,
        model: str,
        base_url: str | None,
        api_key: str | None,
        timeout: float,
        parameters: Mapping[str, object],
        schema: Mapping[str, Any],
        max_retries: int,
        rng: np.random.Generator,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self.model, self.base_url, self.api_key, self.timeout = model, base_url, api_key, timeout
        self.parameters, self.max_retries, self.rng = dict(parameters), max_retries, rng
        self._stopped, self._lock = Event(), Lock()
        self._client: Any = None
        self._fatal: EndpointError | None = None
        self._silent = 0
        self._sleep = sleep or self._stopped.wait
        json_schema = {"name": "coding", "strict": True, "schema": schema}
        self._formats: tuple[dict[str, Any], ...] = (
            {"response_format": {"type": "json_schema", "json_schema": json_schema}},
            {"response_format": {"type": "json_object"}},
            {},
        )
        self._level, self._proven = 0, False

    def __enter__(self) -> Endpoint:
        return self

    def __exit__(self, *_: object) -> None:
        if self._client is not None:
            self._client.close()

    def stop(self) -> None:
        """Let requests under way end, and begin no other."""
        self._stopped.set()

    def ask(self, messages: Sequence[Message]) -> Reply:
        """Return the reply to these messages; where the endpoint itself will not take them, that is a refusal.

        Raises
        ------
        UnansweredError
            Where retries are used up, or the request is rejected before any other was accepted.
        EndpointError
            Where no request can succeed, or `GIVE_UP_AFTER` in a row did not; then also for every later one.
        MissingDependencyError
            Where the client library is not installed.
        """
        openai, client = self._connect()
        try:
            reply = self._persist(openai, client, messages)
        except UnansweredError as error:
            self._silent += 1
            if self._silent >= GIVE_UP_AFTER and not self._stopped.is_set():
                self._fail(
                    f"{self._silent} requests in a row got no answer ({error.detail})",
                    "Check the endpoint, the model and its parameters, and run again.",
                )
            raise
        self._silent = 0
        return reply

    def _persist(self, openai: Any, client: Any, messages: Sequence[Message]) -> Reply:
        problem = ""
        for attempt in range(self.max_retries + 1):
            if self._stopped.is_set():
                raise self._fatal or UnansweredError("unavailable", "stopped")
            try:
                return self._request(openai, client, messages)
            except openai.APIStatusError as error:
                self._fail_if_hopeless(error)
                problem, asked = f"{error.status_code}: {_said(error)}", _retry_after(error.response.headers)
                if error.status_code < 500 and error.status_code not in RETRIED:
                    return self._rejected(problem)
            except (openai.APIError, ValueError) as error:
                problem, asked = str(error) or type(error).__name__, 0.0
            if attempt < self.max_retries:
                self._wait(attempt, asked)
        raise UnansweredError("unavailable", problem)

    def _connect(self) -> tuple[Any, Any]:
        try:
            import openai
        except ImportError:
            raise MissingDependencyError(
                "openai", "Coding by a language model", "pip install 'arabic-framing[llm]'"
            ) from None
        with self._lock:
            if self._client is None:
                key = self.api_key or os.environ.get("OPENAI_API_KEY") or ("none" if self.base_url else "")
                if not key:
                    self._fail("no API key", "Set OPENAI_API_KEY, or give the base URL of a local server.")
                # Retries are ours: the client's know neither our bound on waiting nor how to be interrupted.
                self._client = openai.OpenAI(api_key=key, base_url=self.base_url, timeout=self.timeout, max_retries=0)
        return openai, self._client

    def _request(self, openai: Any, client: Any, messages: Sequence[Message]) -> Reply:
        said = ""
        # Once a format has worked, a refusal is about the request and not about the format.
        levels = range(self._level, self._level + 1 if self._proven else len(self._formats))
        for level in levels:
            try:
                made = client.chat.completions.create(
                    model=self.model, messages=list(messages), extra_body=self.parameters, **self._formats[level]
                )
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if error.code in FILTERED:
                    return Reply("", refusal=_said(error))
                said = said or f"{error.status_code}: {_said(error)}"
            else:
                reply = _reply(made)
                self._level, self._proven = level, True
                return reply
        return self._rejected(said)

    def _rejected(self, said: str) -> Reply:
        """Take a rejection for the text's where other texts were accepted, else for that of everything we send."""
        if self._proven:
            return Reply("", refusal=said)
        raise UnansweredError("rejected", said)

    def _fail(self, problem: str, cure: str) -> NoReturn:
        """Stop every thread at once, and say why."""
        self._fatal = EndpointError(problem, cure)
        self.stop()
        raise self._fatal from None

    def _fail_if_hopeless(self, error: Any) -> None:
        status, said = error.status_code, _said(error)
        if status in (401, 403):
            self._fail(f"it refuses the key ({status}: {said})", "Check the API key and its rights.")
        if status == 404:
            problem = f"it knows no model '{self.model}' at this address (404: {said})"
            self._fail(problem, "Check the model and the base URL.")
        if status == 402 or error.code in NO_CREDIT:
            self._fail(f"no credit is left ({status}: {said})", "Add credit and run again.")

    def _wait(self, attempt: int, asked: float) -> None:
        if asked > PATIENCE:
            self._fail(f"it asks to wait {asked:.0f} seconds", "Run again after that.")
        back_off = min(FIRST_WAIT * 2**attempt, LONGEST_WAIT) * self.rng.uniform(0.5, 1.0)
        self._sleep(max(back_off, asked * self.rng.uniform(1.0, 1.1)))


def _reply(made: Any) -> Reply:
    """Read a completion, or raise ValueError where the endpoint sent something else with its 200."""
    try:
        choice, usage = made.choices[0], made.usage
        message = choice.message
        content, refusal = message.content or "", getattr(message, "refusal", None) or ""
        finish = str(choice.finish_reason or "")
    except (AttributeError, IndexError, TypeError):
        raise ValueError(f"not a chat completion but {str(made)[:80]!r}") from None
    if finish == "content_filter" and not refusal:
        refusal = "the endpoint's content filter"
    counts = (getattr(usage, name, None) or 0 for name in ("prompt_tokens", "completion_tokens"))
    return Reply(str(content), str(refusal), finish, str(made.model or ""), *map(int, counts))


def _said(error: Any) -> str:
    """Return the endpoint's own words, on one line and without our request in them."""
    body = error.body if isinstance(error.body, dict) else {}
    return " ".join(str(body.get("message") or error.message).split())[:200]


def _retry_after(headers: Mapping[str, str]) -> float:
    """Return the seconds that the endpoint asks to wait: RFC 9110, seconds or a date; 0 where it says nothing."""
    said = headers.get("retry-after", "")
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(said).timestamp() - time.time())
    except (TypeError, ValueError):
        return 0.0
