/* Outlines of the base map and of events, and their canvases. All is kept in the pixels of zoom 0 ("world"). */

const toWorld = (lng, lat) => {
  const sine = clamp(Math.sin((lat * Math.PI) / 180), -0.9999, 0.9999);
  return [(lng / 360 + 0.5) * 256, (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * 256];
};
const toLatLng = (x, y) => [(Math.atan(Math.sinh(Math.PI * (1 - y / 128))) * 180) / Math.PI, (x / 256 - 0.5) * 360];

const emptyBox = () => ({ west: Infinity, east: -Infinity, north: Infinity, south: -Infinity });

function widen(box, west, north, east, south) {
  if (west < box.west) box.west = west;
  if (east > box.east) box.east = east;
  if (north < box.north) box.north = north;
  if (south > box.south) box.south = south;
  return box;
}

const meets = (box, view) => box.east >= view.west && box.west <= view.east && box.south >= view.north && box.north <= view.south;

/* All points lie in two arrays, line after line. A line is its ends there and its box; it is made when it is first asked for. */
function readLines({ grid, steps, sizes }) {
  const count = steps.length / 2, pixel = 256 / grid;
  const xs = new Float64Array(count), ys = new Float64Array(count), ends = new Uint32Array(sizes.length + 1), made = [];
  for (let number = 0, n = 0; number < sizes.length; number++) {
    ends[number + 1] = n + sizes[number];
    for (let x = 0, y = 0; n < ends[number + 1]; n++) {
      x += steps[2 * n] * pixel;
      y += steps[2 * n + 1] * pixel;
      xs[n] = x;
      ys[n] = y;
    }
  }
  return (number) => {
    if (!made[number]) {
      const line = Object.assign(emptyBox(), { xs, ys, from: ends[number], to: ends[number + 1] - 1 });
      for (let n = line.from; n <= line.to; n++) widen(line, xs[n], ys[n], xs[n], ys[n]);
      made[number] = line;
    }
    return made[number];
  };
}

/* An area, or a line if it is `open`: rings of lines, each with its direction. What is derived is made once. */
class Outline {
  constructor(line, looks) { Object.assign(this, looks, { line, made: {} }); }
  once(name, make) {
    this.made[name] ??= make();
    return this.made[name];
  }
  get rings() {
    return this.once("rings", () => this.polygons.flat().map((numbers) =>
      numbers.map((number) => ({ line: this.line(number < 0 ? ~number : number), back: number < 0 }))));
  }
  get box() {
    return this.once("box", () => this.rings.flat().reduce((box, { line }) => widen(box, line.west, line.north, line.east, line.south), emptyBox()));
  }
  get corners() {
    return this.once("corners", () => this.rings.map((ring) => ring.flatMap(({ line: { xs, ys, from, to }, back }) => {
      const points = [];
      for (let at = from; at <= to; at++) points.push([xs[at], ys[at]]);
      return back ? points.reverse() : points;
    })));
  }
  get stretches() { return this.once("stretches", () => (this.open ? alongLine : acrossArea)(this.corners)); }
  get middle() { return L.latLng(toLatLng((this.box.west + this.box.east) / 2, (this.box.north + this.box.south) / 2)); }

  /* Whether a point lies within the area, or near the line. */
  has(x, y, near) {
    let inside = false;
    for (const ring of this.corners) for (let n = 1; n < ring.length; n++) {
      const [x1, y1] = ring[n - 1], [x2, y2] = ring[n];
      if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
      if (this.open && L.LineUtil.pointToSegmentDistance(L.point(x, y), L.point(x1, y1), L.point(x2, y2)) < near) return true;
    }
    return inside && !this.open;
  }
}

/* Where a count can stand along a line: in its middle, else nearer its ends. */
function alongLine(parts) {
  const longest = parts.reduce((best, part) => (part.length > best.length ? part : best));
  return [0.5, 0.35, 0.65, 0.2, 0.8].map((share, index) => {
    const [x, y] = longest[Math.floor((longest.length - 1) * share)];
    return { y, from: x, to: x + (5 - index) / 1e6 };
  });
}

/* Where a name can stand in an area: the widest stretches of its largest ring, best first. */
function acrossArea(rings) {
  let best = null;
  for (const ring of rings) {
    const box = emptyBox();
    for (const [x, y] of ring) widen(box, x, y, x, y);
    const size = (box.south - box.north) * (box.east - box.west);
    if (!best || size > best.size) best = { ring, box, size };
  }
  const { ring, box } = best, found = [];
  for (const part of [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82]) {
    const y = box.north + part * (box.south - box.north), cuts = [];
    for (let n = 1; n < ring.length; n++) {
      const [x1, y1] = ring[n - 1], [x2, y2] = ring[n];
      if (y1 > y !== y2 > y) cuts.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
    }
    cuts.sort((a, b) => a - b);
    for (let i = 0; i + 1 < cuts.length; i += 2) found.push({ y, from: cuts[i], to: cuts[i + 1] });
  }
  return widestFirst(found).slice(0, 10);
}

const widestFirst = (stretches) => stretches.sort((a, b) => b.to - b.from - (a.to - a.from));

/* The outlines of the base map, and those that the events bring along. Each is made when it is first asked for. */
function readBase({ countries, divisions, coasts, borders, inner, disputed, ...points }, { outlines, ...others }) {
  const lines = readLines(points), otherLines = readLines(others), made = new Map();
  const known = new Map([...countries, ...divisions].map((looks) => [looks.id, looks]));
  const outline = (id) => {
    if (!made.has(id)) {
      const looks = known.get(id) ?? outlines[id];
      made.set(id, looks && new Outline(known.has(id) ? lines : otherLines, looks));
    }
    return made.get(id);
  };
  const all = (list) => list.map(({ id }) => outline(id));
  return { outline, areaName: (id) => known.get(id)?.name ?? id, countries: () => all(countries), divisions: () => all(divisions),
    line: lines, coasts, borders, inner, disputed };
}

/* ---- Canvases of Leaflet's, which moves and scales them, painted from the world's pixels */

const Painting = L.Canvas.extend({
  _draw() {
    const map = this._map, pen = this._ctx, zoom = map.getZoom();
    const scale = 2 ** zoom, origin = map.getPixelOrigin(), { min, max } = this._bounds;
    const view = { west: (min.x + origin.x) / scale, north: (min.y + origin.y) / scale, east: (max.x + origin.x) / scale, south: (max.y + origin.y) / scale };
    const colours = getComputedStyle(map.getContainer());
    const seen = (box, least = 1.2) => meets(box, view) && (box.east - box.west + box.south - box.north) * scale > least;
    const trace = ({ line: { xs, ys, from, to }, back }, start, apart) => {
      let px = Infinity, py = Infinity, edge = false;
      for (let n = from; n <= to; n++) {
        const at = back ? to + from - n : n;
        const x = xs[at] * scale - origin.x, y = ys[at] * scale - origin.y;
        const atEdge = xs[at] < 0.02 || xs[at] > 255.98;
        if (n > from && n < to && !atEdge && Math.abs(x - px) + Math.abs(y - py) < 1) continue;
        if ((start && n === from) || (apart && edge && atEdge)) pen.moveTo(x, y);
        else pen.lineTo(x, y);
        px = x;
        py = y;
        edge = atEdge;
      }
    };
    const stroke = (colour, width, dashes = []) => {
      Object.assign(pen, { strokeStyle: colour, lineWidth: width, lineJoin: "round" }).setLineDash(dashes);
      pen.stroke();
    };
    pen.save();
    this.options.paint({ pen, zoom, min, max, view, seen, trace, stroke, colour: (name) => colours.getPropertyValue(name).trim(),
      traceRings({ rings }) {
        for (const ring of rings) {
          if (ring.length > 1 || seen(ring[0].line)) ring.forEach((part, index) => { trace(part, !index); });
        }
      } });
    pen.restore();
  },
});

function paintBase({ pen, zoom, min, max, view, seen, trace, traceRings, stroke, colour }, base) {
  const lines = (numbers, ...look) => {
    pen.beginPath();
    for (const line of numbers.map(base.line)) if (seen(line)) trace({ line }, true, true);
    stroke(...look);
  };
  pen.fillStyle = colour("--sea");
  pen.fillRect(min.x, min.y, max.x - min.x, max.y - min.y);
  pen.beginPath();
  for (const country of base.countries()) if (meets(country.box, view)) traceRings(country);
  pen.fillStyle = colour("--land");
  pen.fill();
  pen.globalAlpha = clamp((zoom - 4) / 2, 0, 1);
  if (pen.globalAlpha > 0.2) lines(base.inner, colour("--division"), 0.8);
  pen.globalAlpha = 1;
  lines(base.coasts, colour("--coast"), 0.9);
  lines(base.borders, colour("--border"), 1.2);
  lines(base.disputed, colour("--land"), 3.4);
  lines(base.disputed, colour("--disputed"), 1.4, [5, 4]);
}

/* Areas and lines of events, and the dashed circles of those near a place, to scale. */
function paintEvents({ pen, view, traceRings, stroke, colour }, shapes, circles) {
  const ink = colour("--ink");
  for (const { outline, look } of shapes) {
    if (!meets(outline.box, view)) continue;
    pen.beginPath();
    traceRings(outline);
    if (!outline.open) {
      pen.globalAlpha = look.country ? 0.3 : 0.7;
      pen.fillStyle = hatching(pen, look.colour ?? ink);
      pen.fill("evenodd");
    }
    pen.globalAlpha = look.country && !outline.open ? 0.5 : 1;
    stroke(mixed(look.colour ?? ink, ink), outline.open ? 5 : 1.6, look.firm ? [] : [7, 5]);
  }
  for (const { x, y, radius, colour } of circles) {
    pen.beginPath();
    pen.arc(x, y, radius, 0, 7);
    pen.globalAlpha = 0.1;
    pen.fillStyle = colour;
    pen.fill();
    pen.globalAlpha = 1;
    stroke(colour, 1.5, [3, 4]);
  }
}

/* A colour with some ink in it, so that it stands out from the land. */
const mixed = (colour, ink) => "#" + [1, 3, 5].map((at) => [colour, ink].map((hex) => Number.parseInt(hex.slice(at, at + 2), 16)))
  .map(([one, other]) => Math.round(one * 0.6 + other * 0.4).toString(16).padStart(2, "0")).join("");

/* A pattern of slanted lines in one colour. */
const hatchings = new Map();
function hatching(pen, colour) {
  if (!hatchings.has(colour)) {
    const tile = el("canvas", { width: 2, height: 16 }), stripes = tile.getContext("2d");
    stripes.fillStyle = colour;
    stripes.globalAlpha = 0.14;
    stripes.fillRect(0, 0, 2, 16);
    stripes.globalAlpha = 1;
    stripes.fillRect(0, 0, 2, 3);
    const pattern = pen.createPattern(tile, "repeat");
    pattern.setTransform(new DOMMatrix().rotate(-45).scale(0.5));
    hatchings.set(colour, pattern);
  }
  return hatchings.get(colour);
}
