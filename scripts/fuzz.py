"""Fuzz what reads bytes and texts from outside, guided by coverage, for a bounded time.

    python scripts/fuzz.py [--seconds 60] [PROMISE ...]

The promises are those of ``tests/promises.py``: readers, names, dates, geonames_files, lists. The
time is shared among them. Needs atheris (``pip install atheris``), which has wheels for some
versions of Python and systems; elsewhere the script says so, and ``tests/test_fuzz.py`` does the
job with hypothesis. What breaks a promise is printed as bytes; keep it as a case in
``tests/test_fuzz.py``.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
_RUNS = re.compile(r"Done (\d+) runs|stat::number_of_executed_units:\s*(\d+)")


def main() -> int:
    """Fuzz each promise in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("promises", nargs="*", metavar="PROMISE")
    parser.add_argument("--seconds", type=int, default=60, help="in all")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    try:
        import atheris
    except ImportError:
        print("atheris is not installed here (pip install atheris); run: pytest tests/test_fuzz.py")
        return 0
    sys.path[:0] = [str(TOP), str(TOP / "tests")]
    if options.one:
        with atheris.instrument_imports(include=["geomap"]):
            import promises
        folder = tempfile.mkdtemp(prefix="geomap-fuzz-")
        for number, seed in enumerate(promises.SEEDS[options.one]):
            Path(folder, f"seed{number}").write_bytes(seed)
        atheris.Setup(
            [sys.argv[0], f"-max_total_time={options.seconds}", "-timeout=10", "-max_len=2048",
             "-rss_limit_mb=2048", "-print_final_stats=1", f"-artifact_prefix={folder}/", folder],
            promises.PROMISES[options.one],
        )  # fmt: skip
        atheris.Fuzz()
    import promises

    chosen = options.promises or list(promises.PROMISES)
    return max(_fuzz(name, max(1, options.seconds // len(chosen))) for name in chosen)


def _fuzz(name: str, seconds: int) -> int:
    """Fuzz one promise; print how many inputs it took, or what broke it."""
    command = [sys.executable, __file__, "--one", name, "--seconds", str(seconds)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds + 120,
        check=False,
    )
    said = done.stdout + done.stderr
    counts = [int(a or b) for a, b in _RUNS.findall(said)]
    print(f"{name}: {max(counts, default=0):,} inputs in {seconds} s; ", end="")
    print("every promise kept" if done.returncode == 0 else "BROKEN")
    if done.returncode:
        print("\n".join(said.splitlines()[-60:]))
    return int(done.returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
