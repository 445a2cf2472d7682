"""Write the first two fenced bash blocks of the README's quick start as scripts."""

import re
import sys
from pathlib import Path


def main(readme: str, folder: str) -> None:
    """Cut the blocks out; stop with an error unless there are two."""
    text = Path(readme).read_text(encoding="utf-8")
    start = re.search(r"(?im)^#+ quick start\s*$", text)
    blocks = re.findall(r"(?ms)^```bash\n(.*?)^```", text[start.end() :] if start else "")
    if len(blocks) < 2:
        sys.exit(f"{readme}: two bash blocks are needed under 'Quick start'; found {len(blocks)}")
    for number, block in enumerate(blocks[:2], start=1):
        (Path(folder) / f"command{number}.sh").write_text(block, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:3])
