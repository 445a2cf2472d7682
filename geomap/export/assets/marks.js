/* Events on the map: points and their clusters, areas and lines. */

const CELL = 52, NEAR = 36;

/* Points whose marks would cover each other share one: a grid of the screen, then neighbours. */
function clusterPoints(model, visible, zoom, bounds) {
  const scale = 2 ** zoom;
  const { x: xs, y: ys, drawn } = model;
  const [west, north, east, south] = bounds;
  const cells = new Map();
  for (let n = 0; n < visible.length; n++) {
    const i = visible[n];
    if (drawn[i] !== POINT) continue;
    const x = xs[i] * scale, y = ys[i] * scale;
    if (x < west || x > east || y < north || y > south) continue;
    const key = Math.floor(x / CELL) * 1048576 + Math.floor(y / CELL);
    const cell = cells.get(key);
    if (cell) { cell.members.push(i); cell.sx += x; cell.sy += y; }
    else cells.set(key, { key, members: [i], sx: x, sy: y });
  }
  const kept = [];
  for (const cell of [...cells.values()].sort((a, b) => b.members.length - a.members.length || a.key - b.key)) {
    cell.x = cell.sx / cell.members.length;
    cell.y = cell.sy / cell.members.length;
    const near = kept.find((other) => Math.abs(other.x - cell.x) < NEAR && Math.abs(other.y - cell.y) < NEAR);
    if (!near) { kept.push(cell); continue; }
    near.merged = true;
    for (const i of cell.members) near.members.push(i);
  }
  for (const cell of kept) {
    if (cell.merged) cell.members.sort((a, b) => a - b);
    const [first] = cell.members;
    cell.one = cell.members.every((i) => xs[i] === xs[first] && ys[i] === ys[first]);
    if (cell.one) { cell.x = xs[first] * scale; cell.y = ys[first] * scale; }
  }
  return kept;
}

/* An area of the base map as a polygon of Leaflet's, straight from the world's pixels. */
const WorldArea = L.Polygon.extend({
  initialize(rings, { west, north, east, south }, options) {
    L.setOptions(this, options);
    Object.assign(this, { rings, _latlngs: [[]], _bounds: L.latLngBounds(toLatLng(west, south), toLatLng(east, north)) });
  },
  _projectLatlngs(_, result, bounds) {
    const scale = 2 ** this._map.getZoom(), origin = this._map.getPixelOrigin();
    for (const ring of this.rings) {
      const points = ring.map(([x, y]) => L.point(x * scale - origin.x, y * scale - origin.y));
      for (const point of points) bounds.extend(point);
      result.push(points);
    }
  },
});

function alongLine(parts) {
  const longest = parts.reduce((best, part) => (part.length > best.length ? part : best));
  return [0.5, 0.35, 0.65, 0.2, 0.8].map((share, index) => {
    const [x, y] = toWorld(...longest[Math.floor((longest.length - 1) * share)]);
    return { y, from: x, to: x + (5 - index) / 1e6 };
  });
}

function makeMarks(ctx, group) {
  const { model, map } = ctx;
  const standing = new Map(), shapes = new Map();

  const button = (latLng, open, half, pane = "markerPane") => {
    const made = L.marker(latLng, { pane, riseOnHover: true, keyboard: true,
      icon: L.divIcon({ className: "gm-mark", iconSize: [half * 2, half * 2], html: el("span") }) });
    made.on("click", () => open());
    made.on("keypress", ({ originalEvent: event }) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(); }
    });
    return made;
  };

  function groupName(members) {
    const names = new Set();
    for (const i of members.length > 60 ? members.slice(0, 60) : members) names.add(placeOf(model, i));
    const [first] = names;
    return names.size < 3 ? [...names].join(" · ") : t("group_more", { place: first, n: names.size - 1 });
  }

  function pointMark(cell, zoom) {
    const { members } = cell;
    const single = members.length === 1;
    const parts = single ? null : pieOf(model, members);
    const size = single ? 28 : ringSize(members.length);
    let text = single ? labelOf(model, members[0])
      : `${t("events", { n: members.length })}: ${groupName(members)}. ${parts.slice(0, 3).map((part) =>
        `${part.count} ${part.kind?.label ?? statusLabel(PAST)}`).join(", ")}`;
    if (!cell.one) text = t("zoom_in", { label: text });
    const near = single && model.precision[members[0]] === 2;
    const name = cell.one || members.length < 4 ? groupName(members) : "";
    return { latLng: map.unproject([cell.x, cell.y], zoom), size, text, members, one: cell.one,
      node: () => (single ? marked(model, members[0], 28) : ring(parts, members.length)),
      look: single ? `1 ${members[0]}` : `${members.length} ${parts.map((part) => part.colour + part.count)}`,
      name: near ? t("near", { place: name }) : name };
  }

  function place(key, wanted) {
    let holder = standing.get(key);
    if (!holder) {
      holder = { key, marker: button(wanted.latLng, () => ctx.open(holder), wanted.size / 2) };
      standing.set(key, holder);
      group.addLayer(holder.marker);
    } else if (!holder.latLng.equals(wanted.latLng)) holder.marker.setLatLng(wanted.latLng);
    const changed = holder.look !== wanted.look;
    Object.assign(holder, wanted);
    const icon = holder.marker.getElement();
    if (!changed || !icon) return;
    icon.replaceChildren(wanted.node());
    icon.setAttribute("aria-label", wanted.text);
    icon.title = wanted.text;
    const half = `${-wanted.size / 2}px`;
    Object.assign(icon.style, { width: `${wanted.size}px`, height: `${wanted.size}px`, marginLeft: half, marginTop: half });
    circles(holder);
  }

  /* Near a place: a dashed circle of its radius. */
  function circles(holder) {
    holder.circle?.remove();
    holder.circle = null;
    const i = holder.members.find((member) => model.precision[member] === 2 && model.columns.radius_km[member]);
    if (i == null || !holder.one) return;
    holder.circle = L.circle(holder.latLng, { radius: model.columns.radius_km[i] * 1000, pane: "gm-areas", interactive: false,
      color: holder.members.length === 1 ? model.kinds[model.kind[i]].colour : style.ink, className: "gm-near", weight: 1.5, dashArray: "3 4", fillOpacity: 0.1 });
    group.addLayer(holder.circle);
  }

  function updatePoints() {
    const zoom = map.getZoom();
    const { min, max } = map.getPixelBounds();
    const pad = Math.min(200, (max.x - min.x) * 0.2);
    const cells = clusterPoints(model, ctx.filter.visible, zoom, [min.x - pad, min.y - pad, max.x + pad, max.y + pad]);
    const wanted = new Set();
    for (const cell of cells) {
      const key = `${zoom} ${cell.one ? `p${cell.members[0]}` : cell.key}`;
      wanted.add(key);
      place(key, pointMark(cell, zoom));
    }
    for (const [key, holder] of standing) {
      if (wanted.has(key)) continue;
      group.removeLayer(holder.marker);
      holder.circle?.remove();
      standing.delete(key);
    }
  }

  function makeShape(outline) {
    const geometry = typeof outline === "number" ? model.shapes[outline] : null;
    const isLine = Boolean(geometry?.type.endsWith("LineString"));
    const style0 = { pane: "gm-areas", renderer: ctx.areaRenderer, weight: isLine ? 5 : 1.6, fill: !isLine, className: `gm-shape${isLine ? " gm-shape-line" : ""}` };
    const rings = geometry ? null : ctx.base.ringsOf(outline);
    const path = geometry ? L.geoJSON(geometry, { style: style0, pane: "gm-areas" })
      : new WorldArea(rings.flat(1), ctx.base.boxOf(ctx.base.areas.get(outline)), style0);
    const parts = geometry && (/^Multi/.test(geometry.type) ? geometry.coordinates : [geometry.coordinates]);
    const middle = path.getBounds().getCenter();
    const shape = { outline, path, isLine, members: [], marker: button(middle, () => ctx.open(shape), 0) };
    shape.marker.setZIndexOffset(-10000);
    /* Where its name can stand; worked out when it is first needed. */
    shape.stretches = () => (shape.spots ??= isLine ? alongLine(parts)
      : anchorsOf(rings ?? parts.map((polygon) => polygon.map((one) => one.map((point) => toWorld(...point))))));
    path.on("click", (event) => { L.DomEvent.stopPropagation(event); ctx.open(shape, event.latlng); });
    return shape;
  }

  function shapeBox(outline) {
    if (!shapes.has(outline)) shapes.set(outline, makeShape(outline));
    const bounds = shapes.get(outline).path.getBounds();
    const [west, south] = toWorld(bounds.getWest(), bounds.getSouth()), [east, north] = toWorld(bounds.getEast(), bounds.getNorth());
    return { west, north, east, south };
  }

  function dressShape(shape, short) {
    const { members, isLine, outline } = shape;
    const kinds = new Set(members.map((i) => (model.past[i] ? -1 : model.kind[i])));
    const [only] = kinds;
    const colour = kinds.size > 1 ? null : only < 0 ? style.grey : model.kinds[only].colour;
    const firm = members.some((i) => outlineOf(model.get.status(i), model.columns.disputed[i]) === "solid");
    const country = members.every((i) => model.precision[i] === 6);
    shape.path.setStyle({ color: colour ? `color-mix(in srgb, ${colour} 60%, var(--ink))` : "var(--ink)", dashArray: firm ? null : "7 5", opacity: country && !isLine ? 0.5 : 1,
      fillColor: isLine ? null : hatch(colour), fillOpacity: country ? 0.3 : 0.7 });
    const name = isLine || typeof outline === "number" ? placeOf(model, members[0]) : ctx.areaName(outline);
    const pill = t(isLine ? "pill_along" : "pill_in", { place: name });
    const text = members.length > 1 ? t("pill_count", { pill, events: t("events", { n: members.length }) }) : pill;
    const shown = short ? String(members.length) : text;
    shape.latLng = shape.marker.getLatLng();
    shape.named = !short;
    shape.half = [widthOf(shown, "italic 600 12.5px Georgia, serif") / 2 + 11, 12];
    const icon = shape.marker.getElement();
    icon.replaceChildren(el("span", { class: "gm-pill", dir: "auto" }, shown));
    icon.setAttribute("aria-label", members.length === 1 ? `${shown}: ${labelOf(model, members[0])}` : text);
    icon.title = text;
  }

  function updateShapes() {
    const found = new Map();
    for (const i of ctx.filter.visible) {
      if (model.drawn[i] < LINE) continue;
      const outline = model.get.outline(i);
      if (found.has(outline)) found.get(outline).push(i);
      else found.set(outline, [i]);
    }
    const short = found.size > 25;
    for (const [outline, shape] of shapes) if (!found.has(outline) && shape.members.length) {
      shape.members = [];
      group.removeLayer(shape.path);
      group.removeLayer(shape.marker);
    }
    for (const [outline, members] of found) {
      if (!shapes.has(outline)) shapes.set(outline, makeShape(outline));
      const shape = shapes.get(outline);
      const look = `${short}${members.length} ${members[0]} ${members.at(-1)}`;
      if (!shape.members.length) { group.addLayer(shape.path); group.addLayer(shape.marker); }
      else if (shape.look === look && shape.members.every((i, n) => i === members[n])) continue;
      shape.members = members;
      shape.look = look;
      dressShape(shape, short);
    }
  }

  const standingShapes = () => [...shapes.values()].filter((shape) => shape.members.length);
  return {
    update() { updateShapes(); updatePoints(); },
    updatePoints,
    points: () => [...standing.values()].map((holder) => {
      const { x, y } = map.latLngToLayerPoint(holder.latLng);
      return { x, y, half: holder.size / 2, name: holder.name };
    }),
    pills: () => standingShapes().sort((a, b) => b.members.length - a.members.length).slice(0, 400).map((shape) => ({
      stretches: shape.stretches(), half: shape.half, named: shape.named,
      move: (latLng, crowded) => {
        shape.latLng = latLng;
        shape.marker.setLatLng(shape.latLng).getElement().classList.toggle("gm-crowded", crowded);
      },
    })),
    holderOf: (i) => [...standing.values(), ...standingShapes()].find((holder) => holder.members.includes(i)),
    boundsOf(members) {
      const box = emptyBox(), seen = new Set();
      for (const i of members) {
        const x = model.x[i], y = model.y[i], outline = model.drawn[i] < LINE ? null : model.get.outline(i);
        if (model.drawn[i] === POINT) {
          const reach = model.precision[i] === 2 ? (model.columns.radius_km[i] ?? 0) / 130 : 0;
          widen(box, x - reach, y - reach, x + reach, y + reach);
        } else if (outline != null && !seen.has(outline)) {
          seen.add(outline);
          const { west, north, east, south } = typeof outline === "string" ? ctx.base.boxOf(ctx.base.areas.get(outline)) : shapeBox(outline);
          widen(box, west, north, east, south);
        }
      }
      return box.west > box.east ? L.latLngBounds([]) : L.latLngBounds(toLatLng(box.west, box.south), toLatLng(box.east, box.north));
    },
  };
}

/* A pattern of slanted lines in one colour; without one, in the ink of the page. */
function hatch(colour) {
  const id = `gm-hatch-${colour ? colour.slice(1) : "ink"}`;
  if (!document.getElementById(id)) {
    const paint = colour ?? "var(--ink)";
    const ground = svg("rect", { width: 8, height: 8, opacity: 0.14 }), line = svg("path", { d: "M0 0V8", "stroke-width": 2.6 });
    ground.style.fill = line.style.stroke = paint;
    const pattern = svg("pattern", { id, width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, ground, line);
    document.querySelector(".gm-app").append(svg("svg", { width: 0, height: 0, class: "gm-patterns", "aria-hidden": "true" }, pattern));
  }
  return `url(#${id})`;
}
