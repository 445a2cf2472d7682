/* The base map and all names on the map. Everything is kept in the pixels of zoom 0 ("world"). */

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

/* All points lie in two arrays, line after line; a line is its ends there and its box. */
function decodeBase({ grid, steps, sizes, countries, divisions, ...lists }) {
  const xs = new Float64Array(steps.length / 2), ys = new Float64Array(steps.length / 2);
  let n = 0;
  const lines = sizes.map((size) => {
    const line = { from: n, to: n + size - 1, ...emptyBox() };
    for (let x = 0, y = 0; n <= line.to; n++) {
      x += steps[2 * n];
      y += steps[2 * n + 1];
      xs[n] = (x / grid) * 256;
      ys[n] = (y / grid) * 256;
      widen(line, xs[n], ys[n], xs[n], ys[n]);
    }
    return line;
  });
  const lineOf = (number) => lines[number < 0 ? ~number : number];
  const areas = new Map([...countries, ...divisions].map((area) => [area.id, area]));
  const boxOf = (area) => (area.box ??= area.polygons.flat(2).reduce((box, number) => {
    const { west, north, east, south } = lineOf(number);
    return widen(box, west, north, east, south);
  }, emptyBox()));
  const ring = (numbers) => numbers.flatMap((number) => {
    const { from, to } = lineOf(number), points = [];
    for (let at = from; at <= to; at++) points.push([xs[at], ys[at]]);
    return (number < 0 ? points.reverse() : points).slice(0, -1);
  });
  const picked = Object.fromEntries(Object.entries(lists).map(([name, numbers]) => [name, numbers.map(lineOf)]));
  return { xs, ys, lineOf, countries, divisions, areas, boxOf, ...picked,
    ringsOf: (id) => areas.get(id).polygons.map((polygon) => polygon.map(ring)) };
}

/* The outlines are drawn by Leaflet's own canvas, which moves and scales it, from the world's pixels. */
const BaseMap = L.Canvas.extend({
  _draw() {
    const map = this._map, pen = this._ctx, { base } = this.options;
    const scale = 2 ** map.getZoom(), origin = map.getPixelOrigin();
    const { min, max } = this._bounds;
    const view = { west: (min.x + origin.x) / scale, north: (min.y + origin.y) / scale, east: (max.x + origin.x) / scale, south: (max.y + origin.y) / scale };
    const colours = getComputedStyle(map.getContainer());
    const { xs, ys } = base;
    const trace = ({ from, to }, back, first) => {
      let px = Infinity, py = Infinity, edge = false;
      for (let n = from; n <= to; n++) {
        const at = back ? to + from - n : n;
        const x = xs[at] * scale - origin.x, y = ys[at] * scale - origin.y;
        const atEdge = xs[at] < 0.02 || xs[at] > 255.98;
        if (n > from && n < to && !atEdge && Math.abs(x - px) + Math.abs(y - py) < 1) continue;
        if (first && (n === from || (edge && atEdge))) pen.moveTo(x, y);
        else pen.lineTo(x, y);
        px = x;
        py = y;
        edge = atEdge;
      }
    };
    const seen = (box) => meets(box, view) && (box.east - box.west + box.south - box.north) * scale > 1.2;
    const stroke = (lines, colour, width, dashes = []) => {
      pen.beginPath();
      for (const line of lines) if (seen(line)) trace(line, false, true);
      pen.strokeStyle = colours.getPropertyValue(colour);
      pen.lineWidth = width;
      pen.setLineDash(dashes);
      pen.stroke();
    };
    pen.fillStyle = colours.getPropertyValue("--sea");
    pen.fillRect(min.x, min.y, max.x - min.x, max.y - min.y);
    pen.lineJoin = "round";
    pen.beginPath();
    for (const area of base.countries) {
      if (!meets(base.boxOf(area), view)) continue;
      for (const numbers of area.polygons.flat(1)) {
        if (numbers.length === 1 && !seen(base.lineOf(numbers[0]))) continue;
        const { from, to } = base.lineOf(numbers[0]), start = numbers[0] < 0 ? to : from;
        pen.moveTo(xs[start] * scale - origin.x, ys[start] * scale - origin.y);
        for (const number of numbers) trace(base.lineOf(number), number < 0, false);
      }
    }
    pen.fillStyle = colours.getPropertyValue("--land");
    pen.fill();
    pen.globalAlpha = clamp((map.getZoom() - 4) / 2, 0, 1);
    if (pen.globalAlpha > 0.2) stroke(base.inner, "--division", 0.8);
    pen.globalAlpha = 1;
    stroke(base.coasts, "--coast", 0.9);
    stroke(base.borders, "--border", 1.2);
    stroke(base.disputed, "--land", 3.4);
    stroke(base.disputed, "--disputed", 1.4, [5, 4]);
  },
});

function makePanes({ map }) {
  for (const [name, level] of [["gm-base", 150], ["gm-areas", 350], ["gm-names", 450]]) map.createPane(name).style.zIndex = level;
  map.getPane("gm-names").style.pointerEvents = "none";
  map.getPane("gm-names").setAttribute("aria-hidden", "true");
}

function drawBase(ctx) {
  const { map, base } = ctx;
  const canvas = new BaseMap({ base, pane: "gm-base", padding: 0.3, interactive: false }).addTo(map);
  ctx.redrawBase = () => canvas._update() ?? canvas._redraw();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", ctx.redrawBase);
  map.attributionControl.setPrefix(false).addAttribution(t("attribution"));
  L.control.scale({ maxWidth: 140, imperial: false }).addTo(map);
}

/* Where a name can stand in an area: the widest stretches of its largest ring, best first. */
function anchorsOf(rings) {
  let best = null;
  for (const [ring] of rings) {
    const box = { ring, ...emptyBox() };
    for (const [x, y] of ring) widen(box, x, y, x, y);
    box.size = (box.south - box.north) * (box.east - box.west);
    if (!best || box.size > best.size) best = box;
  }
  const found = [];
  for (const part of best ? [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82] : []) {
    const y = best.north + part * (best.south - best.north);
    const cuts = [];
    best.ring.forEach(([x1, y1], index) => {
      const [x2, y2] = best.ring[(index + 1) % best.ring.length];
      if (y1 > y !== y2 > y) cuts.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
    });
    cuts.sort((a, b) => a - b);
    for (let i = 0; i + 1 < cuts.length; i += 2) found.push({ y, from: cuts[i], to: cuts[i + 1] });
  }
  return found.sort((a, b) => b.to - b.from - (a.to - a.from)).slice(0, 10);
}

/* The stretches of an area that the window shows, cut at its edges, best first. */
const inView = (stretches, view) => stretches.filter(({ y }) => y > view.north && y < view.south)
  .map(({ y, from, to }) => ({ y, from: Math.max(from, view.west), to: Math.min(to, view.east) }))
  .filter(({ from, to }) => to > from).sort((a, b) => b.to - b.from - (a.to - a.from));

/* ---- Names: none may cover another, or a mark */

const widths = new Map();
function widthOf(text, font) {
  const key = `${font} ${text}`;
  if (!widths.has(key)) {
    widthOf.pen ??= document.createElement("canvas").getContext("2d");
    widthOf.pen.font = font;
    widths.set(key, widthOf.pen.measureText(text).width);
  }
  return widths.get(key);
}

function layoutNames(ctx) {
  const { map, base, marks } = ctx;
  const zoom = map.getZoom(), size = map.getSize(), scale = 2 ** zoom, origin = map.getPixelOrigin();
  const { x: left, y: top } = map.containerPointToLayerPoint([0, 0]), right = left + size.x;
  const view = { west: (left + origin.x) / scale, east: (right + origin.x) / scale, north: (top + origin.y) / scale, south: (top + size.y + origin.y) / scale };
  const taken = [];
  const at = ({ y, from, to }) => ({ x: ((from + to) / 2) * scale - origin.x, y: y * scale - origin.y });
  const free = (box) => taken.every((other) => box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3]);
  const take = (box) => free(box) && taken.push(box);
  const nodes = [];
  const put = (x, y, text, kind, fontSize) => {
    const node = el("span", { class: kind, dir: "auto" }, text);
    node.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
    if (fontSize) node.style.fontSize = `${fontSize.toFixed(1)}px`;
    nodes.push(node);
  };
  const points = marks.points();
  for (const { x, y, half } of points) taken.push([x - half, y - half, x + half, y + half]);
  for (const pill of marks.pills()) {
    const [w, h] = pill.half;
    const spot = (stretch) => {
      const { x, y } = at(stretch);
      return { x: left + 2 * w < right ? clamp(x, left + w, right - w) : x, y };
    };
    const shown = inView(pill.stretches, view), seen = shown.map(spot);
    /* Beside the shape where it is too crowded inside; a bare number would be read as the neighbour's. */
    const beside = !pill.named ? [] : shown.flatMap(({ y, from, to }) => [from * scale - origin.x - w - 5, to * scale - origin.x + w + 5]
      .filter((x) => x - w > left && x + w < right).map((x) => ({ x, y: y * scale - origin.y })));
    const fits = [...seen, ...beside].find(({ x, y }) => take([x - w, y - h, x + w, y + h]));
    pill.move(map.layerPointToLatLng(fits ?? seen[0] ?? spot(pill.stretches[0])), !fits);
  }
  for (const { x, y, half, name } of points) {
    if (!name) continue;
    const wide = widthOf(name, "600 12.5px system-ui, sans-serif") + 6, gap = half + 2;
    const spots = [[gap, -8], [-gap - wide, -8], [-wide / 2, gap], [-wide / 2, -gap - 16]];
    const inside = ([dx]) => x + dx > left && x + dx + wide < right;
    const spot = [...spots].sort((a, b) => inside(b) - inside(a)).find(([dx, dy]) => take([x + dx, y + dy, x + dx + wide, y + dy + 16]));
    if (spot) put(x + spot[0], y + spot[1], name, "gm-name gm-name-place");
  }
  const areaNames = (items, kind, [low, high, spread], upper) => {
    for (const item of items) {
      const box = base.boxOf(item);
      if (!meets(box, view) || (box.east - box.west) * scale < 34) continue;
      item.anchors ??= anchorsOf(base.ringsOf(item.id));
      const [widest] = item.anchors;
      if (!widest || (widest.to - widest.from) * scale < 34) continue;
      const seen = inView(item.anchors, view);
      if (!seen.length) continue;
      const text = upper ? item.name.toLocaleUpperCase(words.lang) : item.name;
      const fontSize = clamp(((seen[0].to - seen[0].from) * scale) / (text.length * spread), low, high);
      const wide = widthOf(text, `${fontSize.toFixed(0)}px Georgia, serif`) + (upper ? text.length * fontSize * 0.15 : 4);
      for (const stretch of seen) {
        if ((stretch.to - stretch.from) * scale < wide) break;
        const { x, y } = at(stretch);
        if (!take([x - wide / 2, y - fontSize / 2 - 1, x + wide / 2, y + fontSize / 2 + 1])) continue;
        put(x - wide / 2, y - fontSize * 0.62, text, `gm-name ${kind}`, fontSize);
        break;
      }
    }
  };
  areaNames(base.countries, "gm-name-country", [10, 17, 0.95], true);
  if (zoom >= 5.5 && size.x > 300) areaNames(base.divisions, "gm-name-division", [10.5, 12.5, 0.7], false);
  map.getPane("gm-names").replaceChildren(...nodes);
}
