"""Every table of the library opens as it is in polars, pandas and DuckDB, and all three read the same numbers.

Usage: tables_open.py DROPSTORM FOLDER. Runs each scenario of scenarios/, its textbook/ and its surges/ at a small scale, the smallest drop also with
replications and a trace, and each sweep with fewer points, into the new FOLDER, and opens every table that they leave.
"""

import re
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import duckdb
import pandas
import polars

# Columns of text; every other column of a table holds numbers alone.
TEXTS = {"time", "clock", "scope", "region", "pool", "request", "viewer", "audience", "event", "detail", "ended"}
# Paths of sweeps whose values are words, moments or tables.
WORDS = {"client.app.retry.backoff", "client.app.retry.jitter", "end"}
SCALE = "0.005"
# The textbook's pools are small, and some of its mechanisms need a whole server.
OF_TEXTBOOK = "0.02"
# What makes the plans of the library small.
SMALLER = {"scale": 0.001, "replications": 2, "points": 8}
# As many at once as the judge has cores.
AT_ONCE = 2


def run(program: Path, arguments: list[str]) -> None:
    command = [str(program), *arguments, "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    # 99 says that a threshold did not hold.
    if done.returncode not in (0, 99):
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")


def leave_tables(program: Path, folder: Path) -> None:
    library = folder / "scenarios"
    shutil.copytree("scenarios", library)
    runs = []
    for scenario in sorted([*library.glob("*.toml"), *library.glob("textbook/*.toml"), *library.glob("surges/*.toml")]):
        scale = OF_TEXTBOOK if scenario.parent.name == "textbook" else SCALE
        small = ["--force-scale", "--scale", scale, "--charts", "none"]
        runs.append(["run", str(scenario), *small, "--out", str(folder / "runs")])
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(partial(run, program), runs))
    smallest = ["run", str(library / "the-smallest-drop.toml"), "--charts", "none"]
    run(program, [*smallest, "--replications", "3", "--out", str(folder / "replications")])
    run(program, [*smallest, "--trace", "20", "--out", str(folder / "trace")])
    for plan in sorted((library / "sweeps").glob("*.toml")):
        text = plan.read_text(encoding="utf-8")
        for key, value in SMALLER.items():
            text = re.sub(rf"(?m)^{key} = .*$", f"{key} = {value}", text)
        # So small a scale makes another service of a pool, which changes nothing about the form of a table.
        plan.write_text(f"force_scale = true\n{text}", encoding="utf-8")
        run(program, ["sweep", str(plan), "--out", str(folder / "sweeps")])


def frames(file: Path) -> dict[str, pandas.DataFrame]:
    """The table as each of the three reads it, as a frame of pandas."""
    if file.suffix == ".parquet":
        return {
            "polars": polars.read_parquet(file).to_pandas(),
            "pandas": pandas.read_parquet(file),
            "duckdb": duckdb.sql(f"SELECT * FROM '{file}'").df(),
        }
    return {
        # Without a hint polars guesses types from a hundred rows and DuckDB from twenty thousand; where a column is empty in all of
        # them, it becomes text.
        "polars without a hint": polars.read_csv(file).to_pandas(),
        "polars": polars.read_csv(file, infer_schema_length=None).to_pandas(),
        "pandas": pandas.read_csv(file, low_memory=False),
        "duckdb without a hint": duckdb.sql(f"SELECT * FROM read_csv('{file}')").df(),
        "duckdb": duckdb.sql(f"SELECT * FROM read_csv('{file}', sample_size = -1)").df(),
    }


def check(file: Path) -> int:
    read = frames(file)
    first = read["pandas"]
    for name, frame in read.items():
        if list(frame.columns) != list(first.columns) or len(frame) != len(first):
            sys.exit(f"{file}: {name} reads {frame.shape} with other columns than pandas, {first.shape}")
        for column in first.columns:
            if column in TEXTS or column in WORDS:
                continue
            values = pandas.to_numeric(frame[column], errors="coerce")
            lost = values.isna() & frame[column].notna() & (frame[column].astype(str) != "")
            if lost.any():
                sys.exit(f"{file}: {name} reads {frame[column][lost].iloc[0]!r} in {column}, which is no number")
            expected = pandas.to_numeric(first[column], errors="coerce")
            # The parser of pandas may err in the last bit.
            same = (values - expected).abs() <= 1e-12 * expected.abs()
            if not (same | (values.isna() & expected.isna())).all():
                sys.exit(f"{file}: {name} reads other numbers than pandas in {column}")
            is_number = pandas.api.types.is_numeric_dtype(frame[column].dtype) or "hint" in name
            if frame[column].notna().any() and not is_number:
                sys.exit(f"{file}: {name} reads {column} as {frame[column].dtype}")
    if "time" in first.columns:
        moments = pandas.to_datetime(first["time"], format="ISO8601", utc=True)
        seconds = (moments - moments.iloc[0]).dt.total_seconds()
        if not ((seconds - (first["time_s"] - first["time_s"].iloc[0])).abs() < 1e-6).all():
            sys.exit(f"{file}: time and time_s disagree")
        polars.read_csv(file)["time"].str.to_datetime(time_zone="UTC")
        duckdb.sql(f"SELECT max(CAST(time AS TIMESTAMPTZ)) FROM read_csv('{file}')").fetchall()
    return len(first)


def main() -> None:
    program, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    leave_tables(program, folder)
    files = sorted(file for ending in ("csv", "parquet") for file in folder.rglob(f"*.{ending}"))
    # The threads of polars do not survive a fork.
    with ProcessPoolExecutor(AT_ONCE, get_context("spawn")) as processes:
        rows = sum(processes.map(check, files))
    if len(files) < 20:
        sys.exit(f"only {len(files)} tables were left: {files}")
    print(f"{len(files)} tables with {rows} rows open in polars, pandas and DuckDB")


if __name__ == "__main__":
    main()
