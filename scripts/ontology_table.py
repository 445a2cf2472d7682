"""Write the table of event classes in docs/events.md from the data.

    python scripts/ontology_table.py [--check]

The table stands between two marks; the rest of the page is written by hand. With --check nothing is
written, and the status is 1 where the page is not current.
"""

import argparse
import sys
from pathlib import Path

from geomap.events.ontology import EventClass, load_ontology

PAGE = Path(__file__).parent.parent / "docs" / "events.md"
BEGIN, END = "<!-- classes: made by scripts/ontology_table.py -->", "<!-- end of classes -->"
SHOWN = 12


def words(event_class: EventClass) -> str:
    """Return the first words that announce a class, of every group some."""
    found: list[str] = []
    for group in event_class.groups:
        own = [*sorted(group.verbs), *(" ".join(f) for f in group.phrases), *sorted(group.names)]
        found += [word for word in own[:4] if word not in found]
    more = len(found) - SHOWN
    return ", ".join(found[:SHOWN]) + (", …" if more > 0 else "")


def count(event_class: EventClass) -> int:
    """Return how many words and frames announce a class."""
    return len({
        word
        for group in event_class.groups
        for word in (*group.verbs, *group.phrases, *group.names)
    })  # fmt: skip


def codes(event_class: EventClass) -> str:
    """Return the ACLED types of a class: its own, and the finer."""
    found = [event_class.acled] if event_class.acled else []
    finer = [code.acled for code in event_class.codes]
    finer += [group.acled for group in event_class.groups if group.acled]
    found += [code for code in dict.fromkeys(finer) if code not in found]
    return "; ".join(found) or "–"


def roots(event_class: EventClass) -> str:
    """Return the PLOVER roots of a class: its own, those of its groups, and of what is planned."""
    found = dict.fromkeys([event_class.plover, *(g.plover for g in event_class.groups if g.plover)])
    return f"{', '.join(found)} ({event_class.plover_planned})"


def table() -> str:
    """Return the classes as tables, one a layer."""
    lines: list[str] = []
    classes = load_ontology().classes.values()
    for layer in dict.fromkeys(c.layer for c in classes):
        lines += ["", f"### {layer.replace('_', ' ').capitalize()}", "",
                  "| class | PLOVER (planned) | ACLED-like | some of its words | is | is not |",
                  "|---|---|---|---|---|---|"]  # fmt: skip
        for c in classes:
            if c.layer == layer:
                announced = f"{words(c)} ({count(c)})" if c.groups else "an armed clash at a border"
                cells = (f"`{c.name}`<br>{c.label}", roots(c), codes(c), announced,
                         c.examples[0], c.counter_examples[0])  # fmt: skip
                lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([BEGIN, *lines, "", END])


def current(page: str) -> str:
    """Return the page with the table as it should be."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + table() + after


def main() -> None:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    page = PAGE.read_text(encoding="utf-8")
    wanted = current(page)
    if parser.parse_args().check:
        sys.exit(0 if wanted == page else f"{PAGE.name} is not current")
    PAGE.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    main()
