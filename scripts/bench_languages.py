"""Measure how well languages of articles are found, by detector and length of text, and how fast.

    python scripts/bench_languages.py [CORPUS.xml:FORMAT ...]

The texts are those of ``tests/data/languages.toml``, cut into windows; the English ones are the
articles of the gold set, and those of the corpora that are given (``lgl-train.xml:lgl``). What else
installs is measured beside the one that is used: ``pip install lingua-language-detector pycld2``.
"""

import resource
import sys
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from geomap.evaluate import read_corpus
from geomap.reading.languages import guess

TESTS = Path(__file__).resolve().parent.parent / "tests"
LENGTHS = (40, 60, 100, 200, 301)
STEP = 60
Detector = Callable[[str], tuple[str, float]]


def used() -> Detector:
    """Return what geomap uses."""

    def detect(text: str) -> tuple[str, float]:
        found = guess(text, "en")
        return found.code, found.share

    return detect


def lingua() -> Detector:
    """Return lingua's detector for all its languages, in the mode that is quick."""
    from lingua import LanguageDetectorBuilder

    detector = LanguageDetectorBuilder.from_all_languages().with_low_accuracy_mode().build()

    def detect(text: str) -> tuple[str, float]:
        best = detector.compute_language_confidence_values(text)[0]
        return best.language.iso_code_639_1.name.lower(), best.value

    return detect


def cld2() -> Detector:
    """Return the Compact Language Detector 2."""
    import pycld2

    def detect(text: str) -> tuple[str, float]:
        try:
            reliable, _, details = pycld2.detect(text)
        except pycld2.error:
            return "none", 0.0
        return details[0][1], details[0][2] / 100 if reliable else 0.0

    return detect


def english(corpora: Iterable[str]) -> Iterator[str]:
    """Yield English articles."""
    for path in sorted((TESTS / "gold").rglob("*.toml")):
        yield tomllib.loads(path.read_text(encoding="utf-8")).get("text", "")
    for path in sorted((TESTS / "articles").glob("*.txt")):
        yield path.read_text(encoding="utf-8")
    for given in corpora:
        name, _, form = given.rpartition(":")
        yield from (document.text for document in read_corpus(Path(name), form))  # type: ignore[arg-type]


def windows(text: str, length: int, step: int) -> list[str]:
    """Cut a text into windows of one length."""
    return [text[at : at + length] for at in range(0, len(text) - length + 1, step)]


def measure(name: str, make: Callable[[], Detector], articles: list[str]) -> None:
    """Print what one detector does."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    detect = make()
    detect("Talks were held in Doha on Thursday.")
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"{name}: ready in {time.perf_counter() - started:.2f} s, {more / 1024:.0f} MiB")
    texts = tomllib.loads((TESTS / "data" / "languages.toml").read_text(encoding="utf-8"))
    for length in LENGTHS:
        right = total = 0
        for key, table in texts.items():
            code = "fa" if key == "dari" else key
            for window in windows(table["text"].strip(), length, STEP):
                total += 1
                right += detect(window)[0] == code
        others = [detect(w) for text in articles for w in windows(text, length, 5 * STEP)]
        wrong = [share for code, share in others if code != "en"]
        sure = sum(share >= 0.9 for share in wrong)
        print(
            f"  {length} characters: {right} of {total} right in {len(texts) - 1} languages; of "
            f"{len(others)} English ones {len(wrong)} wrong, {sure} of them with 0.9 or more"
        )
    started = time.perf_counter()
    wrong = [share for code, share in map(detect, articles) if code != "en"]
    each = (time.perf_counter() - started) / len(articles) * 1000
    print(
        f"  {len(articles)} whole English articles: {len(wrong)} wrong, "
        f"{sum(share >= 0.9 for share in wrong)} with 0.9 or more; {each:.2f} ms each"
    )


def main() -> None:
    """Measure every detector that is installed."""
    articles = [text for text in english(sys.argv[1:]) if text.strip()]
    for name, make in (("py3langid", used), ("pycld2", cld2), ("lingua, low accuracy", lingua)):
        try:
            measure(name, make, articles)
        except ImportError:
            print(f"{name}: not installed")


if __name__ == "__main__":
    main()
