"""Scores an answer by its length, with the function that src/score.ts is bundled from."""

from pathlib import Path

from eval_protocol.models import EvaluateResult, EvaluationRow, Message
from eval_protocol.pytest import NoOpRolloutProcessor, evaluation_test
from py_mini_racer import MiniRacer

HERE = Path(__file__).parent
ENGINE = MiniRacer()
# In the archive the bundle lies beside this file; before the upload it lies where the build wrote it.
BUNDLE = next(path for path in (HERE / "scorer.js", HERE / "dist" / "scorer.js") if path.exists())
ENGINE.eval(BUNDLE.read_text(encoding="utf-8"))

ROWS = [EvaluationRow(messages=[Message(role="assistant", content=text)]) for text in ("short", "long enough")]


@evaluation_test(input_rows=[ROWS], rollout_processor=NoOpRolloutProcessor(), mode="pointwise")
def test_score(row: EvaluationRow) -> EvaluationRow:
    score = ENGINE.call("scorer.score", row.messages[-1].content)
    row.evaluation_result = EvaluateResult(score=float(score))
    return row
