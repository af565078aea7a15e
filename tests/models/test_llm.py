from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path
from time import time
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from framing.coding import Codebook, agreement, majority_gold, read_codebook, read_codings, require_units
from framing.errors import InputError, MissingDependencyError
from framing.files import write_table
from framing.models.llm.classifier import LLMClassifier
from framing.models.llm.coder import LLMCoder
from framing.models.llm.endpoint import EndpointError
from tests.endpoint import Server, completion

pytest.importorskip("openai")

BOOK = """
name: weather
version: 7
context: 2
frames:
  - {id: flood, definition: Water is shown as a danger.}
  - {id: harvest, definition: Rain is shown as a gain.}
tone: {scale: [-1, 0, 1]}
targets: {scale: [-1, 0, 1], parties: [{id: office, covers: the weather office}]}
voice: {values: {narrator: the outlet, named: a person}}
"""
TEXTS = ["The river took the bridge.", "The office saw it coming.", "Wheat will do well.", "It rained on Monday."]
UNITS = pd.DataFrame(
    {
        "doc_id": ["a", "a", "a", "b", "b"],
        "unit": [0, 1, 2, 0, 1],
        "unit_type": ["headline", "body", "boilerplate", "body", "body"],
        "text": [*TEXTS[:2], "Share this", *TEXTS[2:]],
        "outlet": ["east", "east", "east", "west", "west"],
    }
)


def judge(text: str) -> dict[str, Any]:
    """Code a text as a coder would who looks for single words."""
    return {
        "frames": {"flood": "river" in text, "harvest": "Wheat" in text},
        "tone": -1 if "river" in text else 1 if "Wheat" in text else 0,
        "targets": {"office": 1 if "office" in text else None},
        "voice": "narrator",
    }


@pytest.fixture
def server(server: Server) -> Server:
    server.script = lambda text, messages, n: json.dumps(judge(text))
    return server


@pytest.fixture
def book(tmp_path: Path) -> Codebook:
    (tmp_path / "book.yaml").write_text(BOOK, encoding="utf-8")
    return read_codebook(tmp_path / "book.yaml")


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def coder(server: Server, book: Codebook, tmp_path: Path, waits: list[float]) -> Callable[..., LLMCoder]:
    def make(**changes: Any) -> LLMCoder:
        settings = {"model": "m", "cache": tmp_path / "replies.sqlite", "seed": 5, "base_url": server.url}
        return LLMCoder(book, **(settings | {"timeout": 5.0, "sleep": waits.append} | changes))

    return make


Make = Callable[..., LLMCoder]


def test_answers_become_codings_of_one_more_coder(server: Server, coder: Make, book: Codebook, tmp_path: Path) -> None:
    llm = coder()
    codings = llm.code(UNITS)
    assert list(zip(codings["doc_id"], codings["unit"], strict=True)) == [("a", 0), ("a", 1), ("b", 0), ("b", 1)]
    assert codings["coder"].unique().tolist() == ["llm:m"]
    assert codings["has_flood"].tolist() == [True, False, False, False]
    assert codings["frames"].tolist() == ["flood", "", "harvest", ""]
    assert codings["tone"].tolist() == [-1, 0, 1, 0]
    assert codings["mentions_office"].tolist() == [False, True, False, False]
    assert llm.failures.empty
    require_units(codings, UNITS)
    write_table(codings.drop(columns=["has_flood", "has_harvest", "mentions_office"]), tmp_path / "c.csv")
    pd.testing.assert_frame_equal(read_codings(tmp_path / "c.csv", book), codings)


def test_agreement_takes_it_beside_other_coders(coder: Make, book: Codebook) -> None:
    codings = coder().code(UNITS)
    both = pd.concat([codings, codings.assign(coder="A"), codings.assign(coder="B", has_flood=False)])
    table = agreement(both, book, rng=1, replicates=10).table.set_index("variable")
    assert table.loc["harvest", "alpha"] == 1
    assert table.loc["flood", "alpha"] < 1
    assert (table["n_coders"] == 3).all()
    assert len(majority_gold(both, book)) == 4


def test_what_is_sent(server: Server, coder: Make) -> None:
    coder(parameters={"max_tokens": 300}, name="reader").code(UNITS)
    sent = server.requests[-1]
    assert (sent["model"], sent["temperature"], sent["seed"], sent["max_tokens"]) == ("m", 0, 5, 300)
    assert sent["response_format"]["json_schema"]["schema"]["properties"]["frames"]["required"] == ["flood", "harvest"]
    assert [message["role"] for message in sent["messages"]] == ["system", "user"]
    assert "Water is shown as a danger." in sent["messages"][0]["content"]
    assert json.loads(sent["messages"][1]["content"])["context_only"]["units_before"] == [TEXTS[2]]
    assert "west" not in json.dumps(sent), "the coder does not know the outlet"
    coder(temperature=None, seed=None, cache=":memory:").code(UNITS.head(1))
    assert not {"temperature", "seed"} & set(server.requests[-1])


def test_nothing_is_asked_twice(server: Server, coder: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    first = coder().code(UNITS)
    monkeypatch.setitem(sys.modules, "openai", None)
    again = coder(base_url=None).code(UNITS)
    pd.testing.assert_frame_equal(first, again)
    assert len(server.requests) == 4


@pytest.mark.parametrize("change", [{"model": "n"}, {"seed": 6}, {"temperature": 0.5}, {"parameters": {"top_p": 0.9}}])
def test_what_changes_the_question_asks_anew(server: Server, coder: Make, change: dict[str, Any]) -> None:
    coder().code(UNITS)
    coder(**change).code(UNITS)
    assert len(server.requests) == 8


def test_a_changed_context_asks_anew_and_equal_questions_are_asked_once(server: Server, coder: Make) -> None:
    coder().code(UNITS)
    coder().code(UNITS.replace(TEXTS[0], "The river rose."))
    assert server.asked[TEXTS[1]] == 2, "its headline has changed"
    assert server.asked[TEXTS[2]] == 1
    copies = coder().code(pd.concat([UNITS, UNITS.assign(doc_id=UNITS["doc_id"] + "-copy")]))
    assert server.asked[TEXTS[2]] == 1, "wire copy in the same context"
    assert len(copies) == 8


def test_several_requests_at_a_time_give_the_same(server: Server, coder: Make) -> None:
    units = pd.concat([UNITS.assign(doc_id=UNITS["doc_id"] + str(i), text=UNITS["text"] + f" {i}") for i in range(8)])
    one = coder().code(units)
    pd.testing.assert_frame_equal(coder(concurrency=6, cache=Path(coder().cache).with_name("other")).code(units), one)
    assert set(server.asked.values()) == {2}


def test_a_wrong_answer_is_asked_for_again_with_what_was_wrong(server: Server, coder: Make) -> None:
    wrong = judge("")
    wrong["frames"]["fire"] = True
    lines = ["no idea", json.dumps(wrong), "```json\n" + json.dumps(judge(TEXTS[0])) + "\n```"]
    server.script = lambda text, messages, n: lines[min(n, 3) - 1]
    codings = coder().code(UNITS.head(1))
    assert codings["has_flood"].tolist() == [True]
    told = [message["content"] for message in server.requests[-1]["messages"][2:]]
    assert told[0] == "no idea"
    assert "it holds no JSON object" in told[1]
    assert "'frames' has an unknown 'fire'; the codebook knows flood, harvest" in told[3]


def test_a_unit_without_a_usable_answer_is_missing_and_never_none(server: Server, coder: Make) -> None:
    def script(text: str, messages: list[dict[str, str]], n: int) -> object:
        return "Maybe." if text == TEXTS[1] else json.dumps(judge(text))

    server.script = script
    llm = coder()
    codings = llm.code(UNITS)
    assert len(codings) == 3
    failure = llm.failures.iloc[0]
    assert (failure["doc_id"], failure["unit"], failure["reason"], failure["requests"]) == ("a", 1, "unusable", 3)
    assert failure["detail"] == "it holds no JSON object"
    assert server.asked[TEXTS[1]] == 3
    coder().code(UNITS)
    assert server.asked[TEXTS[1]] == 3, "a failure is remembered too"


def test_an_answer_that_was_cut_off_is_told(server: Server, coder: Make) -> None:
    cut = completion('{"frames": {"fl')
    cut["choices"][0]["finish_reason"] = "length"
    server.script = lambda text, messages, n: cut
    llm = coder(max_reasks=0)
    assert llm.code(UNITS.head(1)).empty
    assert llm.failures["detail"].tolist() == ["it was cut off"]


def test_refusals_are_recorded_and_not_pressed(server: Server, coder: Make) -> None:
    filtered = completion(None)
    filtered["choices"][0]["finish_reason"] = "content_filter"
    said: dict[str, object] = {
        TEXTS[0]: completion(None, refusal="I will not."),
        TEXTS[1]: filtered,
        TEXTS[2]: (400, {"error": {"message": "filtered", "code": "content_filter"}}),
    }
    server.script = lambda text, messages, n: said.get(text, json.dumps(judge(text)))
    llm = coder()
    assert llm.code(UNITS)["unit"].tolist() == [1]
    assert llm.failures["reason"].tolist() == ["refused"] * 3
    assert llm.failures["detail"].tolist() == ["I will not.", "the endpoint's content filter", "filtered"]
    assert set(server.asked.values()) == {1}


def test_all_answers_missing_still_give_the_columns(server: Server, coder: Make) -> None:
    full = coder().code(UNITS)
    server.script = lambda text, messages, n: completion(None, refusal="No.")
    none = coder(model="other").code(UNITS)
    assert len(none) == 0
    assert none.dtypes.to_dict() == full.dtypes.to_dict()


@pytest.mark.parametrize("failure", [429, 500, 503, 408, "drop", (200, "<html>busy</html>"), (200, {"nothing": 1})])
def test_what_may_pass_is_tried_again(server: Server, coder: Make, waits: list[float], failure: object) -> None:
    server.script = lambda text, messages, n: json.dumps(judge(text)) if n > 3 else failure
    assert len(coder().code(UNITS.head(1))) == 1
    assert server.asked[TEXTS[0]] == 4
    assert [0.5 <= wait / 2**n <= 1 for n, wait in enumerate(waits)] == [True] * 3


def test_jitter_has_a_seed(server: Server, coder: Make, waits: list[float]) -> None:
    server.script = lambda text, messages, n: json.dumps(judge(text)) if n % 4 == 0 else 503
    coder().code(UNITS.head(1))
    coder(cache=Path(coder().cache).with_name("other")).code(UNITS.head(1))
    assert waits[:3] == waits[3:]
    assert len(set(waits)) == 3


def test_a_slow_answer_is_tried_again(server: Server, coder: Make) -> None:
    from time import sleep

    def script(text: str, messages: list[dict[str, str]], n: int) -> str:
        sleep(0.4 if n == 1 else 0)
        return json.dumps(judge(text))

    server.script = script
    assert len(coder(timeout=0.2).code(UNITS.head(1))) == 1
    assert server.asked[TEXTS[0]] == 2


@pytest.mark.parametrize("dated", [False, True])
def test_the_wait_that_is_asked_for_is_kept(server: Server, coder: Make, waits: list[float], dated: bool) -> None:
    asked = formatdate(time() + 60, usegmt=True) if dated else "50"
    busy = (429, {"error": {"message": "slow down"}}, {"Retry-After": asked})
    server.script = lambda text, messages, n: json.dumps(judge(text)) if n > 1 else busy
    coder().code(UNITS.head(1))
    assert len(waits) == 1
    assert 50 <= waits[0] <= 66


def test_a_wait_of_hours_stops_the_run(server: Server, coder: Make, waits: list[float]) -> None:
    server.script = lambda text, messages, n: (429, {"error": {"message": "x"}}, {"Retry-After": "7200"})
    with pytest.raises(EndpointError, match=r"asks to wait 7200 seconds\. Run again after that\. What was answered"):
        coder().code(UNITS)
    assert waits == []


def test_retries_are_bounded_and_an_unavailable_unit_is_asked_again_later(server: Server, coder: Make) -> None:
    server.script = lambda text, messages, n: 500 if text == TEXTS[1] else json.dumps(judge(text))
    llm = coder(max_retries=2)
    assert len(llm.code(UNITS)) == 3
    assert server.asked[TEXTS[1]] == 3
    assert llm.failures[["reason", "detail"]].to_numpy().tolist() == [["unavailable", "500: no: 500"]]
    server.script = lambda text, messages, n: json.dumps(judge(text))
    assert len(llm.code(UNITS)) == 4
    assert llm.failures.empty
    assert sum(server.asked.values()) == 3 + 3 + 1


@pytest.mark.parametrize("concurrency", [1, 4])
def test_an_endpoint_that_is_gone_stops_the_run(server: Server, coder: Make, concurrency: int) -> None:
    server.script = lambda text, messages, n: "drop"
    units = pd.concat([UNITS.assign(doc_id=UNITS["doc_id"] + str(i), text=UNITS["text"] + f" {i}") for i in range(9)])
    with pytest.raises(EndpointError, match=r"3 requests in a row got no answer \(Connection error"):
        coder(max_retries=0, concurrency=concurrency).code(units)
    assert len(server.requests) < 3 + 2 * concurrency


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (401, r"refuses the key \(401: no: 401\)\. Check the API key"),
        (403, "refuses the key"),
        (404, r"knows no model 'm' at this address \(404"),
        (402, "no credit is left"),
        ((429, {"error": {"message": "quota", "code": "insufficient_quota"}}), "no credit is left"),
    ],
)
@pytest.mark.parametrize("concurrency", [1, 3])
def test_what_cannot_pass_stops_at_once(
    server: Server, coder: Make, answer: object, message: str, concurrency: int
) -> None:
    server.script = lambda text, messages, n: answer
    with pytest.raises(EndpointError, match=message):
        coder(concurrency=concurrency).code(UNITS)
    assert len(server.requests) <= concurrency


def test_structured_output_is_given_up_where_the_server_refuses_it(server: Server, coder: Make) -> None:
    server.refused_formats = {"json_schema"}
    assert len(coder().code(UNITS)) == 4
    kinds = [request["response_format"]["type"] for request in server.requests]
    assert kinds == ["json_schema", *["json_object"] * 4], "tried once, then remembered"
    server.refused_formats, server.requests = {"json_schema", "json_object"}, []
    assert len(coder(model="n").code(UNITS)) == 4
    assert "response_format" not in server.requests[-1]


def test_a_request_that_is_never_accepted_stops_the_run_and_says_why(server: Server, coder: Make) -> None:
    server.script = lambda text, messages, n: (400, {"error": {"message": "temperature must be 1"}})
    with pytest.raises(EndpointError, match=r"3 requests in a row .*400: temperature must be 1.* its parameters"):
        coder().code(UNITS)


@pytest.mark.parametrize("status", [400, 413])
def test_a_text_that_alone_is_rejected_fails_alone(server: Server, coder: Make, status: int) -> None:
    server.script = lambda text, messages, n: status if text in TEXTS[1:] else json.dumps(judge(text))
    llm = coder()
    assert len(llm.code(UNITS)) == 1
    assert llm.failures["reason"].tolist() == ["refused"] * 3
    assert llm.failures["detail"][0] == f"{status}: no: {status}"
    assert set(server.asked.values()) == {1}, "formats are not tried anew once one has worked"


@pytest.mark.parametrize("moment", [1, 2, 3, 4, 5])
def test_an_interrupted_run_goes_on_where_it_stopped(server: Server, coder: Make, moment: int) -> None:
    """Each unit is first answered with garbage, so that interruptions fall within and between dialogues."""
    answered = Counter[str]()

    def script(text: str, messages: list[dict[str, str]], n: int) -> object:
        if sum(answered.values()) == moment and interrupting:
            return 503
        answered[json.dumps(messages)] += 1
        return "what?" if len(messages) == 2 else json.dumps(judge(text))

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    server.script, interrupting = script, True
    with pytest.raises(KeyboardInterrupt):
        coder(sleep=interrupt).code(UNITS)
    interrupting = False
    assert len(coder().code(UNITS)) == 4
    assert len(answered) == 8
    assert set(answered.values()) == {1}, "no question was answered twice"


def test_the_estimate_sends_nothing_and_knows_what_is_there(server: Server, coder: Make) -> None:
    llm = coder(max_reasks=3)
    before = llm.estimate(UNITS, price_in=2.0, price_out=10.0)
    assert server.requests == []
    assert (before.n_units, before.n_cached, before.n_calls, before.n_calls_at_most) == (4, 0, 4, 16)
    assert before.cost == pytest.approx((before.tokens_in * 2 + before.tokens_out * 10) / 1e6)
    assert 4 * 200 < before.tokens_in < 4 * 2000
    assert "One token for 4 ASCII" in before.rule
    assert llm.estimate(UNITS).cost is None
    llm.code(UNITS[UNITS["doc_id"] == "a"])
    after = llm.estimate(UNITS)
    assert (after.n_cached, after.n_calls) == (2, 2)
    assert after.to_frame()["n_calls"].tolist() == [2]
    llm.code(UNITS)
    assert (llm.estimate(UNITS).n_calls, llm.estimate(UNITS).tokens_in) == (0, 0)


def test_a_key_is_needed_only_where_something_is_asked(server: Server, coder: Make) -> None:
    with pytest.raises(EndpointError, match=r"no API key\. Set OPENAI_API_KEY"):
        coder(base_url=None).code(UNITS)
    assert coder(base_url=None).code(UNITS.head(0)).empty


def test_a_missing_client_is_told(coder: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(MissingDependencyError, match=r"needs the package openai.*pip install 'arabic-framing\[llm\]'"):
        coder().code(UNITS)


def test_the_classifier_sees_single_texts(server: Server, coder: Make) -> None:
    model = clone(LLMClassifier(coder())).fit(TEXTS, np.zeros((4, 2), dtype=bool))
    assert model.predict(TEXTS).tolist() == [[True, False], [False, False], [False, True], [False, False]]
    assert model.predict_proba([]).shape == (0, 2)
    assert model.predict_proba([TEXTS[2], TEXTS[0]]).tolist() == [[0, 1], [1, 0]]
    server.script = lambda text, messages, n: completion(None, refusal="No.")
    assert np.isnan(model.predict_proba([TEXTS[0], "New."])).tolist() == [[False, False], [True, True]]
    with pytest.raises(InputError, match="1 texts got no answer"):
        model.predict(["New."])
    with pytest.raises(InputError, match="one column for each of the 2 frames"):
        model.fit(TEXTS, [1, 0, 1, 0])
