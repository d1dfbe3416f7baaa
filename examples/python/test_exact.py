"""Compares the model's answer with the expected one. Plain Python: eval-protocol runs it as it is."""

from pathlib import Path

from eval_protocol.models import EvaluateResult, EvaluationRow
from eval_protocol.pytest import SingleTurnRolloutProcessor, evaluation_test


@evaluation_test(
    # In the folder of this file, with any working directory.
    input_dataset=[str(Path(__file__).parent / "rows.jsonl")],
    # A fine-tuning run sets its own model here. Without this, no model would be asked.
    completion_params=[{"model": "accounts/fireworks/models/gpt-oss-120b"}],
    rollout_processor=SingleTurnRolloutProcessor(),
    mode="pointwise",
)
def test_exact(row: EvaluationRow) -> EvaluationRow:
    answer = str(row.messages[-1].content).strip()
    score = 1.0 if answer == row.ground_truth else 0.0
    row.evaluation_result = EvaluateResult(score=score, reason=answer)
    return row
