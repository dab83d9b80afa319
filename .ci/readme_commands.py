"""Runs each command of the README's console blocks, in order, and fails with the first that fails.

A command is a line that begins with "$ ". What it prints is shown, so that the test runner's own closing lines are seen.
"""

import re
import subprocess
import sys
from pathlib import Path

text = Path("README.md").read_text(encoding="utf-8")
blocks = re.findall(r"```console\n(.*?)```", text, flags=re.DOTALL)
commands = [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]
if not commands:
    sys.exit("README.md states no command")
for command in commands:
    print(f"\n$ {command}", flush=True)
    code = subprocess.run(command, shell=True, check=False).returncode
    if code:
        sys.exit(f"this command of the README failed with exit code {code}: {command}")
