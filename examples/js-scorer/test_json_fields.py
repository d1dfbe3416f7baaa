"""Scores a model's JSON answer, field by field, with the function that src/score.ts is bundled from."""

import json
from pathlib import Path

from eval_protocol.models import EvaluateResult, EvaluationRow, Message
from eval_protocol.pytest import NoOpRolloutProcessor, evaluation_test
from py_mini_racer import MiniRacer

HERE = Path(__file__).parent


def load_bundle() -> MiniRacer:
    # In the archive the bundle lies beside this file; before the upload it lies where Vite wrote it.
    bundle = next(path for path in (HERE / "scorer.js", HERE / "dist" / "scorer.js") if path.exists())
    engine = MiniRacer()
    engine.eval(bundle.read_text(encoding="utf-8"))
    return engine


ENGINE = load_bundle()


def score(answer: str, expected: str) -> float:
    return float(ENGINE.call("scorer.score", answer, expected))


def rows() -> list[EvaluationRow]:
    lines = (HERE / "rows.jsonl").read_text(encoding="utf-8").splitlines()
    return [to_row(json.loads(line)) for line in lines]


def to_row(line: dict[str, str]) -> EvaluationRow:
    question = Message(role="user", content=line["question"])
    answer = Message(role="assistant", content=line["answer"])
    return EvaluationRow(messages=[question, answer], ground_truth=line["expected"])


@evaluation_test(input_rows=[rows()], rollout_processor=NoOpRolloutProcessor(), mode="pointwise")
def test_json_fields(row: EvaluationRow) -> EvaluationRow:
    answer = row.messages[-1].content or ""
    row.evaluation_result = EvaluateResult(score=score(str(answer), str(row.ground_truth)))
    return row
