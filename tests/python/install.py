"""Makes a virtual environment out of requirements.txt: `install.py ENVIRONMENT`.

Tests of several packages may ask for it at the same moment. The first makes it, the others wait for the lock.
"""

import fcntl
import hashlib
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
LISTS = [HERE / "uv.txt", HERE / "requirements.txt"]


def main(environment: Path) -> None:
    with open(f"{environment}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        digest = hashlib.sha256(sys.version.encode() + b"".join(path.read_bytes() for path in LISTS)).hexdigest()
        installed = environment / "installed"
        if not installed.exists() or installed.read_text(encoding="utf-8") != digest:
            install(environment)
            installed.write_text(digest, encoding="utf-8")


def install(environment: Path) -> None:
    venv.create(environment, clear=True, with_pip=True)
    python = str(environment / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1"]
    uv = [python, "-m", "uv", "pip", "install", "--quiet", "--python", python]
    for command, path in zip([pip, uv], LISTS):
        subprocess.run([*command, "--require-hashes", "--requirement", str(path)], check=True)


main(Path(sys.argv[1]))
