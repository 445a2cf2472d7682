"""The whole sheet: title, maps, legend, scale bar, and the line that says what it is made of."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from geomap.errors import ConfigError
from geomap.export.figure import boxes_for_letters
from geomap.export.figure.base import SEA
from geomap.export.figure.content import Content, extent_points, panels_of, records
from geomap.export.figure.legend import Legend
from geomap.export.figure.letters import Letters, shortened
from geomap.export.figure.marks import GREY
from geomap.export.figure.panel import Drawn, Look, Panel
from geomap.export.figure.view import View, fitted, round_length
from geomap.export.values import clean
from geomap.export.wording import date_words, words_of
from geomap.figure_options import FigureOptions
from geomap.style import Style

__all__ = ["description", "title_of", "to_figure"]

INCH = 25.4
MOST_PANELS = 30
GAP = 2.2
"""Millimetres between the parts of a sheet."""
ASIDE = 4.0
"""Millimetres between the map and a legend beside it."""


def to_figure(
    events: geopandas.GeoDataFrame,
    options: FigureOptions | None = None,
    *,
    style: Style | None = None,
    **changes: Any,
) -> Figure:
    """Return the events as a figure for a report.

    Parameters
    ----------
    events
        One row a cluster, as :func:`geomap.to_frame` gives it.
    options
        How the figure looks; None for the default.
    style
        How events look and what they are called; None for the project's own style.
    **changes
        Single options by their names, such as ``width_mm=85`` or ``extent="AF"``; see
        :class:`geomap.FigureOptions`.

    Returns
    -------
    matplotlib.figure.Figure
        Its size is that of the paper. ``figure.get_label()`` is its title and, on the next
        line, a text in place of the picture.

    Raises
    ------
    ConfigError
        If an option is not known or not allowed, or the height leaves no room for a map.

    Examples
    --------
    >>> figure = to_figure(events, width_mm=85, extent="AF")  # doctest: +SKIP
    >>> figure.savefig("herat.pdf")  # doctest: +SKIP
    """
    options = (options or FigureOptions()).changed(changes)
    style = style or Style.default()
    with boxes_for_letters():
        return _Sheet(events, options, _in_greys(style) if options.grey else style).made()


def description(
    events: geopandas.GeoDataFrame, style: Style | None = None, language: str = "en"
) -> str:
    """Return what the figure shows, in words, for those who do not see it."""
    style = style or Style.default()
    content = Content.of(records(events), style)
    return _described(content, style, words_of(language)["figure"])


def title_of(
    events: geopandas.GeoDataFrame,
    options: FigureOptions | None = None,
    style: Style | None = None,
) -> str:
    """Return the title of a figure: its own, or one that names the days of the events."""
    options = options or FigureOptions()
    content = Content.of(records(events), style or Style.default(), past=options.past)
    words = words_of(options.language)["figure"]
    return options.title or _dated_title(content, words, options.language)


def _dated_title(content: Content, words: Mapping[str, Any], language: str) -> str:
    days = [day for row in content.rows for day in (row["date_start"], row["date_end"]) if day]
    if not days:
        return str(words["title"])
    span = date_words(min(days), max(days), 1, language)
    return str(words["title_dated"].format(span=span))


def _described(content: Content, style: Style, words: Mapping[str, Any]) -> str:
    classes = Counter(kind.name for kind in content.kinds.elements())
    places: Counter[str] = Counter()
    for groups in (content.points, content.areas, content.lines):
        for group in groups.values():
            places[group.name] += group.count
    told = [f"{style.classes[name].label} ({n})" for name, n in classes.most_common()]
    named = [f"{shortened(name)} ({n})" for name, n in places.most_common(8) if name]
    parts = [_plural(words["alt"], classes.total())]
    if told:
        parts.append(words["alt_classes"].format(names=", ".join(told)))
    if named:
        parts.append(words["alt_places"].format(names=", ".join(named)))
    return " ".join(str(part) for part in parts)


@dataclass(slots=True)
class _Plan:
    """Where the parts of a sheet lie, in millimetres."""

    view: View
    aside: bool
    columns: int = 1
    rows: int = 1
    head: float = 0.0


class _Sheet:
    """One figure in the making."""

    def __init__(
        self, events: geopandas.GeoDataFrame, options: FigureOptions, style: Style
    ) -> None:
        self.options, self.style = options, style
        self.words: Mapping[str, Any] = words_of(options.language)
        self.rows = records(events)
        self.header = clean(events.attrs.get("header"))
        self.content = Content.of(self.rows, style, past=options.past)
        width = options.width_mm
        self.margin = min(2.0 + width / 200, 5.0)
        self.letters = Letters(options.font, min(13.0, 5.5 + 0.0125 * width))
        self.panels = panels_of(self.content.rows, options.panels, style)
        if len(self.panels) > MOST_PANELS:
            raise ConfigError(
                f"figure.panels: {len(self.panels)} maps are too many for one sheet, at most "
                f"{MOST_PANELS}; choose fewer events, or panels = 'none'"
            )

    @property
    def inner(self) -> float:
        """The width within the margins."""
        return self.options.width_mm - 2 * self.margin

    def made(self) -> Figure:
        """Return the figure."""
        contents = {
            key: Content.of(rows, self.style, past=True) for key, rows in self.panels.items()
        }
        plan = self._plan(len(contents))
        figure = Figure(dpi=self.options.dpi, facecolor="#ffffff", label=self._alt())
        FigureCanvasAgg(figure)
        paper = _axes(figure, self.options.width_mm, 1.0)
        caption = self.letters.line * 1.25 if len(contents) > 1 else 0.0
        top = -self.margin
        self._head(paper, top)
        top -= plan.head
        drawn, placed = [], []
        for number, (key, content) in enumerate(contents.items()):
            row, column = divmod(number, plan.columns)
            x = self.margin + column * (plan.view.width + GAP)
            y = top - row * (plan.view.height + caption + GAP)
            if caption:
                text = f"{self._caption(key)} ({content.kinds.total()})"
                wide = self.letters.width(text, weight="bold")
                letters = self.letters.scaled(min(1, plan.view.width / wide))
                letters.write(paper, x, y - caption / 2, text, weight="bold")
            axes = _axes(figure, plan.view.width, plan.view.height)
            placed.append((axes, x, y - caption - plan.view.height))
            drawn.append(self._map(axes, plan.view, content, first=number == 0))
        bottom = top - plan.rows * (plan.view.height + caption + GAP) + GAP
        whole = _together(drawn)
        bottom = self._below(paper, plan, whole, top, bottom)
        notes = self._notes(plan.view, whole)
        height = self.options.height_mm or self._foot(None, notes) - bottom + self.margin * 0.7
        self._foot(paper, notes, self.margin * 0.7 - height)
        self._settle(figure, paper, placed, height)
        return figure

    def _map(self, axes: Axes, view: View, content: Content, *, first: bool) -> Drawn:
        """Draw one map; the first one has the locator."""
        if not view.world:
            axes.add_artist(Rectangle((0, 0), 1, 1, transform=axes.transAxes, fc=SEA, zorder=0))
        panel = Panel(axes, view, content, self._look(view.width))
        return panel.draw(locator=self.options.locator and first)

    def _below(self, paper: Axes, plan: _Plan, drawn: Drawn, top: float, bottom: float) -> float:
        """Draw scale bar and legend; return where they end."""
        bottom -= GAP if plan.view.world else self.letters.line * 1.7
        self._strip(paper, plan, bottom + self.letters.line * 0.85)
        if not self.options.legend:
            return bottom
        legend = Legend(drawn, self._look(self.inner))
        left = self.margin
        if plan.aside:
            left += plan.columns * (plan.view.width + GAP) - GAP + ASIDE
            legend.fit(self.options.width_mm - self.margin - left, columns=1)
            legend.draw(paper, left, top)
            return min(bottom, top - legend.height)
        legend.fit(self.inner)
        legend.draw(paper, left, bottom)
        return bottom - legend.height

    def _settle(
        self, figure: Figure, paper: Axes, placed: Sequence[tuple[Axes, float, float]],
        height: float,
    ) -> None:  # fmt: skip
        """Give the sheet its height, and the axes their places on it."""
        width = self.options.width_mm
        figure.set_size_inches(width / INCH, height / INCH)
        paper.set_position((0, 0, 1, 1))
        paper.set_ylim(-height, 0)
        for axes, x, y in placed:
            wide, high = axes.get_xlim()[1], axes.get_ylim()[1]
            axes.set_position((x / width, 1 + y / height, wide / width, high / height))

    # --- where things go ---------------------------------------------------------------------

    def _plan(self, count: int) -> _Plan:
        """Decide where the parts go."""
        options = self.options
        guess = _expected(self.content)
        points = extent_points(self.content, options)
        head = self._head(None, 0)
        foot = self._foot(None, [*self._notes(None, guess), "x" * 60])
        legend = Legend(guess, self._look(self.inner))
        wide = self._legend_width(legend)
        aside = self._aside(points, legend, wide)
        if options.legend and not aside:
            legend.fit(self.inner)
        maps = self.inner - (wide + ASIDE if aside else 0)
        natural = fitted(points, 1.0, lambda ratio: ratio, 0.09).height

        def free_of(rows: int) -> float | None:
            return self._free_height(legend, rows, head + foot, aside=aside)

        columns, rows = self._grid(count, maps, natural, free_of)
        width = (maps - (columns - 1) * GAP) / columns
        free = free_of(rows)
        if free is not None and free < 18:
            raise ConfigError(
                f"figure.height_mm: {options.height_mm} leaves no room for the map; give "
                f"{math.ceil((options.height_mm or 0) + (18 - free) * rows + 5)} or more, or "
                "leave out the legend"
            )
        view = fitted(points, width, lambda natural: self._ratio(natural, width, free, rows), 0.09)
        if view.world and free is not None and view.height > free:
            narrow = width * free / view.height
            view = View(view.longitude, 0.0, True, view.bounds, narrow)
        return _Plan(view, aside, columns, rows, head)

    def _grid(
        self, count: int, width: float, natural: float, free: Callable[[int], float | None]
    ) -> tuple[int, int]:
        """Return columns and rows of the small multiples: those that make the largest maps."""
        columns = min(count, self.options.columns or count)
        if self.options.columns is None and count > 1:
            if free(1) is None:
                columns = min(max(1, round(width / 58)), math.ceil(math.sqrt(count * 1.6)), count)
            else:
                columns = max(
                    range(1, count + 1),
                    key=lambda n: min(
                        (width - (n - 1) * GAP) / n, (free(math.ceil(count / n)) or 0.0) / natural
                    ),
                )
        rows = math.ceil(count / columns)
        # As few columns as these rows need: four maps are two by two.
        return columns if self.options.columns else math.ceil(count / rows), rows

    def _aside(self, points: Any, legend: Legend, wide: float) -> bool:
        """Say whether the legend stands beside the map instead of below it."""
        options = self.options
        if not options.legend or options.width_mm < 140:
            return False
        high = legend.fit(wide, columns=1)
        natural = fitted(points, 1.0, lambda ratio: ratio, 0.09)
        if options.height_mm is not None:
            free = options.height_mm - 35
            legend.fit(self.inner)
            beside = min(self.inner - wide - ASIDE, free / natural.height)
            below = min(self.inner, (free - legend.height - GAP) / natural.height)
            return high < free and beside > below
        if natural.world or natural.height < 0.5:
            return False
        ratio = self._ratio(natural.height, self.inner - wide - ASIDE, None, 1)
        return high < (self.inner - wide - ASIDE) * ratio + 12

    def _legend_width(self, legend: Legend) -> float:
        """Return the width of a legend that stands beside the map."""
        texts = [self.letters.width(e.text) + legend.step for e in legend.entries if e.sample]
        return min(max(texts, default=20.0), 0.3 * self.inner, 80.0)

    def _free_height(self, legend: Legend, rows: int, used: float, *, aside: bool) -> float | None:
        """Return the height of one map if that of the sheet is given."""
        if self.options.height_mm is None:
            return None
        caption = self.letters.line * 1.25 if rows > 1 or len(self.panels) > 1 else 0.0
        below = 0.0 if aside or not legend.height else legend.height + GAP
        left = self.options.height_mm - 2 * self.margin - used - self.letters.line * 1.7 - below
        return (left - (rows - 1) * GAP) / rows - caption

    def _ratio(self, natural: float, width: float, free: float | None, rows: int) -> float:
        """Return the height of a map of width 1, given the height that would just do."""
        if free is not None:
            return free / width if len(self.panels) == 1 else min(free / width, natural * 1.2)
        low, high = (0.6, 1.25) if rows == 1 else (0.6, 1.1)
        return min(max(natural, low), high, max(low, 215 / rows / width))

    def _look(self, width: float) -> Look:
        mark = min(5.2, max(1.9, 1.75 + 0.009 * width))
        words = self.words["figure"] | {k: self.words[k] for k in ("pill_in", "pill_along")}
        letters = self.letters.scaled(0.92 if len(self.panels) > 1 else 1)
        return Look(self.style, letters, mark, words, self.options)

    # --- parts -------------------------------------------------------------------------------

    def _head(self, paper: Axes | None, top: float) -> float:
        """Write the title; return its height."""
        title = self._title()
        if not title:
            return 0.0
        letters = self.letters.scaled(1.4)
        text = letters.broken(shortened(title, 300), self.inner, weight="bold")
        if paper is not None:
            letters.write(paper, self.margin, top, text, weight="bold", align=("left", "top"))
        return letters.line * (text.count("\n") + 1) + 0.8

    def _title(self) -> str:
        if self.options.title is not None:
            return self.options.title
        return _dated_title(self.content, self.words["figure"], self.options.language)

    def _caption(self, key: str) -> str:
        """Return what a small multiple is called."""
        if self.options.panels == "class":
            known = self.style.classes.get(key)
            return known.label if known else key
        if not key:
            return str(self.words["figure"]["undated"])
        year, month = key.split("-")
        return f"{self.words['months'][int(month) - 1]} {year}"

    def _strip(self, paper: Axes, plan: _Plan, y: float) -> None:
        """Draw the scale bar and name the projection below the maps."""
        view, letters = plan.view, self.letters.scaled(0.88)
        words = self.words["figure"]
        left = self.margin
        if not view.world:
            metres = round_length(min(view.width * 0.3, 50.0) / view.scale)
            length = metres * view.scale
            ink = self.style.ink
            for start, fill in ((0.0, ink), (0.5, "#ffffff")):
                box = (left + start * length, y - 0.45)
                paper.add_artist(Rectangle(box, length / 2, 0.9, fc=fill, ec=ink, lw=0.5, zorder=5))
            text = f"{metres / 1000:g} {words['km']}"
            letters.write(paper, left + length + 1.2, y, text)

    def _foot(self, paper: Axes | None, notes: Sequence[str], y: float = 0.0) -> float:
        """Write the notes upon a line of the sheet; return their height."""
        letters = self.letters.scaled(0.84)
        text = letters.broken(" ".join(note.rstrip(".") + "." for note in notes), self.inner)
        if not text:
            return 0.0
        if paper is not None:
            letters.write(paper, self.margin, y, text, align=("left", "bottom"), colour="#4a545b")
        return letters.line * (text.count("\n") + 1) + GAP

    def _notes(self, view: View | None, drawn: Drawn) -> list[str]:
        """Return what has to be said about the figure."""
        words = self.words["figure"]
        notes = [shortened(self.header, 300)] if self.header else []
        if self.content.past:
            notes.append(_plural(words["left_out"], self.content.past))
        if drawn.outside:
            notes.append(_plural(words["outside"], drawn.outside))
        if self.options.source is None:
            notes += self._sources()
        elif self.options.source.strip():
            notes.append(shortened(self.options.source, 400))
        if view is not None:
            notes.append(_projection_name(view, words))
        return [*notes, str(words["base"])]

    def _sources(self) -> list[str]:
        """Name the sources of the events, those of most events first, and the latest day."""
        words = self.words["figure"]
        counts = Counter(shortened(row["source"], 40) for row in self.rows if row["source"])
        names = [name for name, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
        told = "; ".join(names[:4])
        if len(names) > 4:
            told = words["and_more"].format(name=told, n=len(names) - 4)
        notes = [words["sources"].format(names=told)] if names else []
        days = [row["published"] for row in self.rows if row["published"]]
        if days:
            day = date_words(max(days), None, 1, self.options.language)
            notes.append(words["latest"].format(day=day))
        return notes

    def _alt(self) -> str:
        """Return the title, and below it what stands in place of the picture."""
        title = shortened(self._title() or self.words["figure"]["title"], 300)
        return f"{title}\n{_described(self.content, self.style, self.words['figure'])}"


def _axes(figure: Figure, width: float, height: float) -> Axes:
    """Return axes whose units are millimetres; where they lie is settled in the end."""
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    return axes


def _expected(content: Content) -> Drawn:
    """Guess what the legend will hold before anything is drawn, for its size."""
    groups = [*content.points.values(), *content.lines.values(), *content.areas.values()]
    return Drawn(
        dict(content.kinds),
        ring=len(content.points) > 3,
        badge=any(group.count > 1 for group in groups),
        near=any(group.radii for group in content.points.values()),
        area=bool(content.areas),
        line=bool(content.lines),
        disputed=True,
        outside=0,
    )


def _together(parts: Sequence[Drawn]) -> Drawn:
    """Return what there is on all maps of a sheet."""
    kinds: Counter[Any] = Counter()
    for part in parts:
        kinds.update(part.kinds)
    flags = ("ring", "badge", "near", "area", "line", "disputed")
    told = {name: any(getattr(part, name) for part in parts) for name in flags}
    return Drawn(dict(kinds), outside=sum(part.outside for part in parts), **told)


def _in_greys(style: Style) -> Style:
    """Return a style without colours: shape and sign alone tell the class."""
    classes = {name: {"colour": GREY} for name in style.classes}
    return style.changed({"classes": classes})


def _projection_name(view: View, words: Mapping[str, Any]) -> str:
    east = f"{abs(view.longitude):.0f}° {words['east' if view.longitude >= 0 else 'west']}"
    if view.world:
        return str(words["eqearth"].format(longitude=east))
    up = f"{abs(view.latitude):.0f}° {words['north' if view.latitude >= 0 else 'south']}"
    return str(words["laea"].format(latitude=up, longitude=east))


def _plural(forms: Mapping[str, str], count: int) -> str:
    return forms["one" if count == 1 else "other"].format(n=count)
