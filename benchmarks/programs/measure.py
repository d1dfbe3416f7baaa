"""Runs a command; writes its wall time, CPU time and peak RSS as JSON to file descriptor 3."""

import json
import os
import signal
import sys
import time

os.set_inheritable(3, False)
began = time.perf_counter()
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
# Whoever gives up on us gives up on the command.
signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGKILL))
_, status, usage = os.wait4(pid, 0)
wall = time.perf_counter() - began
# ru_maxrss is in bytes on macOS and in KiB elsewhere.
rss = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
report = {"wallMs": wall * 1e3, "cpuMs": (usage.ru_utime + usage.ru_stime) * 1e3, "rssMb": rss}
os.write(3, json.dumps(report).encode())
sys.exit(os.waitstatus_to_exitcode(status))
