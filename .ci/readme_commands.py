"""Runs each command of the README's console blocks, in order, and fails with the first that fails.

A command is a line that begins with "$ ". What it prints is shown, so that the test runner's own closing lines are seen.
The tests must stand there once, since nothing else runs them, and every example too.
"""

import re
import subprocess
import sys
from pathlib import Path

text = Path("README.md").read_text(encoding="utf-8")
blocks = re.findall(r"```console\n(.*?)```", text, flags=re.DOTALL)
commands = [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]
tests = [command for command in commands if command.startswith("cargo test")]
if len(tests) != 1:
    sys.exit(f"README.md runs the tests {len(tests)} times; once is right")
for example in Path("examples").glob("*.rs"):
    if not any(f"--example {example.stem}" in command for command in commands):
        sys.exit(f"README.md does not run {example}")
for command in commands:
    print(f"\n$ {command}", flush=True)
    code = subprocess.run(command, shell=True, check=False).returncode
    if code:
        sys.exit(f"this command of the README failed with exit code {code}: {command}")
