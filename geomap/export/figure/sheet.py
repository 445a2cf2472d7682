"""The whole sheet: title, maps, legend, scale bar, and the line that says what it is made of."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from geomap.errors import ConfigError
from geomap.export.figure.base import SEA
from geomap.export.figure.content import Content, extent_points, panels_of, records
from geomap.export.figure.legend import Legend
from geomap.export.figure.letters import Letters, shortened
from geomap.export.figure.panel import Drawn, Look, Panel
from geomap.export.figure.view import View, fitted
from geomap.export.values import clean
from geomap.export.wording import date_words, words_of
from geomap.figure_options import FigureOptions
from geomap.style import Style

__all__ = ["description", "to_figure"]

INCH = 25.4
MOST_PANELS = 24
GAP = 2.2
"""Millimetres between the parts of a sheet."""
PLAIN = {"svg.fonttype": "path", "path.simplify": False, "text.usetex": False}


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
        Its size is that of the paper. ``figure.get_label()`` is a text in place of the picture.

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
    return _Sheet(events, options, _in_greys(style) if options.grey else style).made()


def description(
    events: geopandas.GeoDataFrame, style: Style | None = None, language: str = "en"
) -> str:
    """Return what the figure shows, in words, for those who do not see it."""
    style = style or Style.default()
    words = words_of(language)["figure"]
    content = Content.of(records(events), style)
    classes = Counter(kind.name for kind in content.kinds.elements())
    places = Counter({g.name: g.count for g in (*content.points.values(), *content.areas.values(), *content.lines.values())})  # fmt: skip  # noqa: E501
    told = [f"{style.classes[name].label} ({n})" for name, n in classes.most_common()]
    named = [f"{shortened(name)} ({n})" for name, n in places.most_common(8) if name]
    parts = [words["alt"].format(n=classes.total())]
    if told:
        parts.append(words["alt_classes"].format(names=", ".join(told)))
    if named:
        parts.append(words["alt_places"].format(names=", ".join(named)))
    return " ".join(parts)


@dataclass(slots=True)
class _Plan:
    """Where the parts of a sheet lie, in millimetres."""

    view: View
    legend: Legend
    aside: bool
    columns: int = 1
    rows: int = 1
    titles: list[str] = field(default_factory=list)
    head: float = 0.0
    foot: float = 0.0

    def height(self, caption: float, strip: float) -> float:
        """Return the height of the whole."""
        maps = self.rows * (self.view.height + caption) + (self.rows - 1) * GAP
        below = 0.0 if self.aside or not self.legend.height else self.legend.height + GAP
        body = maps + strip + below
        return self.head + max(body, self.legend.height if self.aside else 0) + self.foot


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
        caption = self.letters.line * 1.25 if len(contents) > 1 else 0.0
        strip = self.letters.line * 1.7
        height = self.options.height_mm or plan.height(caption, strip) + 2 * self.margin
        figure = Figure(
            figsize=(self.options.width_mm / INCH, height / INCH), dpi=self.options.dpi,
            facecolor="#ffffff", label=self._alt(),
        )  # fmt: skip
        FigureCanvasAgg(figure)
        paper = _axes(figure, (0, 0, self.options.width_mm, height), height)
        top = height - self.margin
        self._head(paper, top)
        top -= plan.head
        drawn = []
        for number, (key, content) in enumerate(contents.items()):
            row, column = divmod(number, plan.columns)
            x = self.margin + column * (plan.view.width + GAP)
            y = top - row * (plan.view.height + caption + GAP)
            if caption:
                text = f"{self._caption(key)} ({content.kinds.total()})"
                at = y - caption / 2
                self.letters.write(paper, x, at, text, weight="bold")
            y -= caption + plan.view.height
            axes = _axes(figure, (x, y, plan.view.width, plan.view.height), height)
            if not plan.view.world:
                axes.add_patch(Rectangle((0, 0), 1, 1, transform=axes.transAxes, fc=SEA, zorder=0))
            look = self._look(plan.view.width)
            locator = self.options.locator and number == 0
            drawn.append(Panel(axes, plan.view, content, look).draw(locator=locator))
        bottom = top - plan.rows * (plan.view.height + caption + GAP) + GAP
        self._strip(paper, plan, bottom - strip / 2)
        whole = _together(drawn)
        self._legend(paper, plan, whole, top if plan.aside else bottom - strip)
        self._foot(paper, self._notes(plan.view, whole))
        return figure

    # --- where things go ---------------------------------------------------------------------

    def _plan(self, count: int) -> _Plan:
        """Decide where the parts go."""
        options = self.options
        columns, rows = self._grid(count)
        legend = Legend(Drawn({}), self._look(self.inner))
        guess = _expected(self.content)
        points = extent_points(self.content, options)
        head, foot = self._head(None, 0), self._foot(None, self._notes(None, guess))
        aside = self._aside(points)
        wide = 0.0
        legend = Legend(guess, self._look(self.inner))
        if options.legend:
            wide = self._legend_width(legend) if aside else self.inner
            legend.fit(wide, columns=1 if aside else None)
        maps = self.inner - (wide + GAP * 1.6 if aside else 0)
        width = (maps - (columns - 1) * GAP) / columns
        free = self._free_height(legend, rows, head + foot, aside=aside)
        view = fitted(points, width, lambda natural: self._ratio(natural, width, free, rows), 0.09)
        if view.world and free is not None and view.height > free:
            narrow = width * free / view.height
            view = View(view.longitude, 0.0, True, view.bounds, narrow)
        return _Plan(view, legend, aside, columns, rows, list(self.panels), head, foot)

    def _grid(self, count: int) -> tuple[int, int]:
        """Return columns and rows of the small multiples."""
        usual = max(1, round(self.inner / 58)) if count > 1 else 1
        columns = min(count, self.options.columns or min(usual, math.ceil(math.sqrt(count * 1.6))))
        return columns, math.ceil(count / columns)

    def _aside(self, points: Any) -> bool:
        """Say whether the legend stands beside the map instead of below it."""
        if not self.options.legend or self.options.width_mm < 140:
            return False
        natural = fitted(points, 1.0, lambda ratio: ratio, 0.09)
        if self.options.height_mm is None:
            return not natural.world and natural.height > 0.5
        sheet = (self.options.height_mm - 30) / self.inner
        return sheet < natural.height + 0.22

    def _legend_width(self, legend: Legend) -> float:
        """Return the width of a legend that stands beside the map."""
        texts = [self.letters.width(e.text) + legend.step for e in legend.entries if e.sample]
        return min(max(texts, default=20.0), 0.3 * self.inner, 80.0)

    def _free_height(
        self, legend: Legend, rows: int, used: float, *, aside: bool
    ) -> float | None:
        """Return the height of one map if that of the sheet is given."""
        if self.options.height_mm is None:
            return None
        caption = self.letters.line * 1.25 if rows > 1 or len(self.panels) > 1 else 0.0
        below = 0.0 if aside or not legend.height else legend.height + GAP
        left = self.options.height_mm - 2 * self.margin - used - self.letters.line * 1.7 - below
        one = (left - (rows - 1) * GAP) / rows - caption
        if one < 18:
            raise ConfigError(
                f"figure.height_mm: {self.options.height_mm} leaves no room for the map; give "
                f"{math.ceil(self.options.height_mm + (18 - one) * rows + 5)} or more, or no legend"
            )
        return one

    def _ratio(self, natural: float, width: float, free: float | None, rows: int) -> float:
        """Return the height of a map of width 1, given the height that would just do."""
        if free is not None:
            return free / width
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
        days = [d for row in self.content.rows for d in (row["date_start"], row["date_end"]) if d]
        words = self.words["figure"]
        if not days:
            return str(words["title"])
        span = date_words(min(days), max(days), 1, self.options.language)
        return str(words["title_dated"].format(span=span))

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
            metres = _round_length(view.width * 0.3 / view.scale)
            length = metres * view.scale
            ink = self.style.ink
            for start, fill in ((0.0, ink), (0.5, "#ffffff")):
                box = (left + start * length, y - 0.45)
                paper.add_patch(Rectangle(box, length / 2, 0.9, fc=fill, ec=ink, lw=0.5, zorder=5))
            text = f"{metres / 1000:g} {words['km']}"
            letters.write(paper, left + length + 1.2, y, text)
            left += length + 1.2 + letters.width(text) + 3
        right = self.margin + plan.columns * (view.width + GAP) - GAP
        name = _projection_name(view, words)
        if letters.width(name) <= right - left:
            letters.write(paper, right, y, name, align=("right", "center"), colour="#5f6b73")

    def _legend(self, paper: Axes, plan: _Plan, drawn: Drawn, top: float) -> None:
        if not self.options.legend:
            return
        legend = Legend(drawn, self._look(self.inner))
        left = self.margin
        if plan.aside:
            left += plan.columns * (plan.view.width + GAP) - GAP + GAP * 1.6
            legend.fit(self.options.width_mm - self.margin - left, columns=1)
            legend.draw(paper, left, top + self.letters.line * 0.5)
        else:
            legend.fit(self.inner)
            legend.draw(paper, left, top + self.letters.line * 0.5)

    def _foot(self, paper: Axes | None, notes: Sequence[str]) -> float:
        """Write the notes at the foot; return their height."""
        letters = self.letters.scaled(0.84)
        text = letters.broken(" ".join(note.rstrip(".") + "." for note in notes), self.inner)
        if not text:
            return 0.0
        if paper is not None:
            at = (self.margin, self.margin * 0.7)
            letters.write(paper, *at, text, align=("left", "bottom"), colour="#4a545b")
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
        title = self._title()
        return f"{title}." if title else str(self.words["figure"]["title"])


def _axes(figure: Figure, box: tuple[float, float, float, float], height: float) -> Axes:
    """Return axes at a place of the paper whose units are millimetres."""
    x, y, wide, high = box
    total = figure.get_size_inches()[0] * INCH
    axes = figure.add_axes((x / total, y / height, wide / total, high / height))
    axes.set_axis_off()
    axes.set_xlim(0, wide)
    axes.set_ylim(0, high)
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
    classes = {name: {"colour": "#e2e2e2"} for name in style.classes}
    return style.changed({"classes": classes})


def _round_length(metres: float) -> float:
    """Return a round length, at most as long.

    Examples
    --------
    >>> _round_length(343_000)
    200000.0
    """
    unit = 10.0 ** math.floor(math.log10(metres))
    return max(step * unit for step in (1, 2, 5) if step * unit <= metres)


def _projection_name(view: View, words: Mapping[str, Any]) -> str:
    east = f"{abs(view.longitude):.0f}° {words['east' if view.longitude >= 0 else 'west']}"
    if view.world:
        return str(words["eqearth"].format(longitude=east))
    up = f"{abs(view.latitude):.0f}° {words['north' if view.latitude >= 0 else 'south']}"
    return str(words["laea"].format(latitude=up, longitude=east))


def _plural(forms: Mapping[str, str], count: int) -> str:
    return forms["one" if count == 1 else "other"].format(n=count)


