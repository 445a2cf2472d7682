/* The base map and all names on the map. */

function decodeBase(topology) {
  const { scale: [kx, ky], translate: [tx, ty] } = topology.transform;
  const arcs = topology.arcs.map((arc) => {
    let x = 0, y = 0;
    return arc.map(([dx, dy]) => [(y += dy) * ky + ty, (x += dx) * kx + tx]);
  });
  const ring = (numbers) => numbers.flatMap((number) =>
    (number < 0 ? arcs[~number].slice().reverse() : arcs[number]).slice(0, -1));
  const owners = (items) => {
    const found = new Map();
    for (const item of items) {
      for (const number of item.polygons.flat(2)) {
        const arc = number < 0 ? ~number : number;
        found.set(arc, found.has(arc) ? [...found.get(arc), item.id] : [item.id]);
      }
    }
    return found;
  };
  const ofCountries = owners(topology.countries), ofDivisions = owners(topology.divisions);
  const pairs = new Set(topology.pairs);
  const mesh = (uses, wanted) => [...uses].filter(([arc, ids]) => wanted(ids, arc)).map(([arc]) => arcs[arc]);
  const rings = new Map();
  const areas = new Map([...topology.countries, ...topology.divisions].map((item) => [item.id, item]));
  const ringsOf = (id) => {
    if (!rings.has(id)) rings.set(id, areas.get(id).polygons.map((polygon) => polygon.map(ring)));
    return rings.get(id);
  };
  return {
    countries: topology.countries, divisions: topology.divisions, areas, ringsOf,
    coasts: mesh(ofCountries, (ids) => ids.length === 1).flatMap(withoutEdge),
    borders: mesh(ofCountries, (ids) => ids.length > 1 && !pairs.has([...ids].sort().join("-"))),
    inner: mesh(ofDivisions, (ids, arc) => ids.length > 1 && !ofCountries.has(arc)),
    disputed: topology.disputed.map((line) => line.map(([x, y]) => [y, x])),
  };
}

/* The cut along the antimeridian is no coast. */
function withoutEdge(line) {
  const parts = [[]];
  for (const point of line) {
    const edge = Math.abs(point[1]) > 179.98;
    if (edge && parts.at(-1).length && Math.abs(parts.at(-1).at(-1)[1]) > 179.98) parts.push([]);
    parts.at(-1).push(point);
  }
  return parts.filter((part) => part.length > 1);
}

function drawBase(ctx) {
  const { map, base } = ctx;
  for (const [name, level] of [["gm-base", 210], ["gm-areas", 350], ["gm-names", 450]]) map.createPane(name).style.zIndex = level;
  map.getPane("gm-names").style.pointerEvents = "none";
  map.getPane("gm-names").setAttribute("aria-hidden", "true");
  const options = { pane: "gm-base", interactive: false, renderer: L.svg({ pane: "gm-base", padding: 0.5 }) };
  const lines = (points, name) => L.polyline(points, { ...options, className: `gm-line ${name}`, smoothFactor: 1.2 });
  L.polygon(base.countries.flatMap((country) => base.ringsOf(country.id)), { ...options, className: "gm-land" }).addTo(map);
  const fine = lines(base.inner, "gm-division");
  lines(base.coasts, "gm-coast").addTo(map);
  lines(base.borders, "gm-border").addTo(map);
  lines(base.disputed, "gm-casing").addTo(map);
  lines(base.disputed, "gm-disputed").addTo(map);
  const detail = () => (map.getZoom() >= 4.5 ? fine.addTo(map) && fine.bringToBack() : fine.remove());
  const land = () => map.getPane("gm-base").querySelector(".gm-land");
  map.on("zoomend", detail);
  detail();
  land()?.parentNode.prepend(land());
  map.on("zoomend", () => land()?.parentNode.prepend(land()));
  map.attributionControl.setPrefix(false).addAttribution(t("attribution"));
  L.control.scale({ maxWidth: 140, imperial: false }).addTo(map);
}

/* Where a name can stand in an area: the widest stretches of its largest ring, best first. */
function anchorsOf(rings) {
  let best = null;
  for (const [ring] of rings) {
    let south = 90, north = -90, west = 180, east = -180;
    for (const [lat, lng] of ring) {
      if (lat < south) south = lat;
      if (lat > north) north = lat;
      if (lng < west) west = lng;
      if (lng > east) east = lng;
    }
    const size = (north - south) * (east - west);
    if (!best || size > best.size) best = { ring, size, south, north };
  }
  const found = [];
  for (const part of best ? [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82] : []) {
    const lat = best.south + part * (best.north - best.south);
    const cuts = [];
    best.ring.forEach(([y1, x1], index) => {
      const [y2, x2] = best.ring[(index + 1) % best.ring.length];
      if (y1 > lat !== y2 > lat) cuts.push(x1 + ((lat - y1) / (y2 - y1)) * (x2 - x1));
    });
    cuts.sort((a, b) => a - b);
    for (let i = 0; i + 1 < cuts.length; i += 2) found.push({ lat, from: cuts[i], to: cuts[i + 1] });
  }
  return found.sort((a, b) => b.to - b.from - (a.to - a.from)).slice(0, 10);
}

/* The stretches of an area that the window shows, cut at its edges, best first. */
function inView(stretches, view) {
  return stretches.filter(({ lat }) => lat > view.getSouth() && lat < view.getNorth())
    .map(({ lat, from, to }) => ({ lat, from: Math.max(from, view.getWest()), to: Math.min(to, view.getEast()) }))
    .filter(({ from, to }) => to > from).sort((a, b) => b.to - b.from - (a.to - a.from));
}

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
  const view = map.getBounds(), zoom = map.getZoom(), size = map.getSize();
  const scale = (256 * 2 ** zoom) / 360;
  const left = map.containerPointToLayerPoint([0, 0]).x, right = left + size.x;
  const taken = [];
  const at = (lat, lng) => map.latLngToLayerPoint([lat, lng]);
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
    const spot = ({ lat, from, to }) => {
      const { x, y } = at(lat, (from + to) / 2);
      return { x: left + 2 * w < right ? clamp(x, left + w, right - w) : x, y };
    };
    const seen = inView(pill.stretches, view).map(spot);
    const fits = seen.find(({ x, y }) => take([x - w, y - h, x + w, y + h]));
    pill.move(map.layerPointToLatLng(fits ?? seen[0] ?? spot(pill.stretches[0])), !fits);
  }
  for (const { x, y, half, name } of points) {
    if (!name) continue;
    const wide = widthOf(name, "600 12.5px system-ui, sans-serif") + 6, gap = half + 2;
    const spots = [[gap, -8], [-gap - wide, -8], [-wide / 2, gap], [-wide / 2, -gap - 16]];
    const spot = spots.find(([dx, dy]) => take([x + dx, y + dy, x + dx + wide, y + dy + 16]));
    if (spot) put(x + spot[0], y + spot[1], name, "gm-name gm-name-place");
  }
  const areaNames = (items, kind, [low, high, spread], upper) => {
    for (const item of items) {
      item.anchors ??= anchorsOf(base.ringsOf(item.id));
      const [widest] = item.anchors;
      if (!widest || (widest.to - widest.from) * scale < 34) continue;
      const seen = inView(item.anchors, view);
      if (!seen.length) continue;
      const text = upper ? item.name.toLocaleUpperCase(words.lang) : item.name;
      const fontSize = clamp(((seen[0].to - seen[0].from) * scale) / (text.length * spread), low, high);
      const wide = widthOf(text, `${fontSize.toFixed(0)}px Georgia, serif`) + (upper ? text.length * fontSize * 0.15 : 4);
      for (const { lat, from, to } of seen) {
        if ((to - from) * scale < wide) break;
        const { x, y } = at(lat, (from + to) / 2);
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
