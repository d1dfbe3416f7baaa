"""Runs the scorer beside it, which was bundled from TypeScript, in V8. The same file for every evaluator."""

from pathlib import Path

from eval_protocol.models import EvaluateResult, EvaluationRow, Message
from eval_protocol.pytest import NoOpRolloutProcessor, evaluation_test
from py_mini_racer import MiniRacer

ENGINE = MiniRacer()
ENGINE.eval((Path(__file__).parent / "scorer.js").read_text(encoding="utf-8"))

ROWS = [EvaluationRow(messages=[Message(role="assistant", content=text)]) for text in ("short", "Long enough.")]


@evaluation_test(input_rows=[ROWS], rollout_processor=NoOpRolloutProcessor(), mode="pointwise")
def test_score(row: EvaluationRow) -> EvaluationRow:
    score = ENGINE.call("scorer.score", row.messages[-1].content)
    row.evaluation_result = EvaluateResult(score=float(score))
    return row
