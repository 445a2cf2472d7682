/* Events on the map: points and their clusters, areas and lines. */

const CELL = 52, GAP = 5, FEW = 25;

const sizeOfMark = ({ members }) => (members.length === 1 ? 28 : ringSize(members.length));

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
    const near = kept.find((other) => Math.hypot(other.x - cell.x, other.y - cell.y) < (sizeOfMark(other) + sizeOfMark(cell)) / 2 + GAP);
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

function makeMarks(ctx, group) {
  const { model, map } = ctx;
  const standing = new Map(), shapes = new Map();

  /* A mark that opens what it stands for, by mouse and by keyboard. */
  function button(holder, half) {
    const made = L.marker(holder.latLng, { riseOnHover: true, keyboard: true,
      icon: L.divIcon({ className: "gm-mark", iconSize: [half * 2, half * 2], html: el("span") }) });
    made.on("click", () => ctx.open(holder));
    made.on("keypress", ({ originalEvent: event }) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); ctx.open(holder); }
    });
    group.addLayer(made);
    return made;
  }

  function dress(marker, node, text) {
    const icon = marker.getElement();
    icon.replaceChildren(node);
    icon.setAttribute("aria-label", text);
    icon.title = text;
    return icon.style;
  }

  function groupName(members) {
    const names = new Set();
    for (const i of members.length > 60 ? members.slice(0, 60) : members) names.add(placeOf(model, i));
    const [first] = names;
    return names.size < 3 ? [...names].join(" · ") : t("group_more", { place: first, n: names.size - 1 });
  }

  /* ---- Points and their clusters */

  function pointMark(cell, zoom) {
    const { members } = cell, [first] = members;
    const single = members.length === 1;
    const parts = single ? null : pieOf(model, members);
    const size = sizeOfMark(cell);
    let text = single ? labelOf(model, first)
      : `${t("events", { n: members.length })}: ${groupName(members)}. ${parts.slice(0, 3).map((part) =>
        `${part.count} ${part.kind?.label ?? statusLabel(PAST)}`).join(", ")}`;
    if (!cell.one) text = t("zoom_in", { label: text });
    const near = single && model.precision[first] === 2;
    const name = cell.one || members.length < 4 ? groupName(members) : "";
    return { latLng: map.unproject([cell.x, cell.y], zoom), size, text, members, one: cell.one,
      node: () => (single ? marked(model, first, 28) : ring(parts, members.length)),
      look: single ? `1 ${first}` : `${members.length} ${parts.map((part) => part.colour + part.count)}`,
      name: near ? t("near", { place: name }) : name };
  }

  function place(key, wanted) {
    const holder = standing.get(key) ?? { key };
    const changed = holder.look !== wanted.look;
    Object.assign(holder, wanted);
    standing.set(key, holder);
    if (!holder.marker) holder.marker = button(holder, wanted.size / 2);
    else if (!holder.marker.getLatLng().equals(wanted.latLng)) holder.marker.setLatLng(wanted.latLng);
    if (!changed) return;
    const half = `${-wanted.size / 2}px`;
    Object.assign(dress(holder.marker, wanted.node(), wanted.text),
      { width: `${wanted.size}px`, height: `${wanted.size}px`, marginLeft: half, marginTop: half });
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
    for (const [key, { marker }] of standing) {
      if (wanted.has(key)) continue;
      group.removeLayer(marker);
      standing.delete(key);
    }
  }

  /* Circles around what is near a place, in the pixels of the canvas. */
  const circles = () => [...standing.values()].flatMap(({ members, one, latLng }) => {
    const i = one ? members.find((member) => model.precision[member] === 2 && model.columns.radius_km[member] > 0) : null;
    if (i == null) return [];
    const { x, y } = map.latLngToLayerPoint(latLng), metres = 40075016.7 * Math.cos((latLng.lat * Math.PI) / 180);
    return { x, y, radius: (model.columns.radius_km[i] * 1000 * map.options.crs.scale(map.getZoom())) / metres,
      colour: members.length === 1 ? model.kinds[model.kind[i]].colour : style.ink };
  });

  /* ---- Areas and lines */

  function lookOf({ outline, members }) {
    const kinds = new Set(members.map((i) => (model.past[i] ? -1 : model.kind[i])));
    const [only] = kinds;
    return { colour: kinds.size > 1 ? null : only < 0 ? style.grey : model.kinds[only].colour,
      firm: members.some((i) => outlineOf(model.get.status(i), model.columns.disputed[i]) === "solid"),
      country: !outline.open && members.every((i) => model.precision[i] === 6) };
  }

  /* What the count of an area or line says; bare numbers where there are many. */
  function faceOf({ members, outline }) {
    const name = t(outline.open ? "pill_along" : "pill_in", { place: outline.name ?? placeOf(model, members[0]) });
    const text = members.length > 1 ? t("pill_count", { pill: name, events: t("events", { n: members.length }) }) : name;
    return { face: shown.length > FEW ? String(members.length) : text,
      label: members.length > 1 ? text : `${name}: ${labelOf(model, members[0])}` };
  }

  /* Puts the count where the layout found room for it, or nowhere. */
  function putPill(shape, latLng) {
    if (!latLng) {
      if (shape.marker) group.removeLayer(shape.marker);
      shape.marker = null;
      return;
    }
    const { face, label } = faceOf(shape);
    shape.latLng = latLng;
    shape.marker ??= button(shape, 0).setZIndexOffset(-10000);
    if (!shape.marker.getLatLng().equals(latLng)) shape.marker.setLatLng(latLng);
    const icon = shape.marker.getElement();
    if (icon.title !== label || icon.textContent !== face) dress(shape.marker, el("span", { class: "gm-pill", dir: "auto" }, face), label);
  }

  /* Those that are shown, the largest first: none hides a smaller one, or a line. */
  let shown = [];
  const sizeOf = ({ outline: { open, box } }) => (open ? 0 : (box.east - box.west) * (box.south - box.north));

  function updateShapes() {
    for (const shape of shapes.values()) shape.members = [];
    for (const i of ctx.filter.visible) {
      if (model.drawn[i] < LINE) continue;
      const id = model.get.outline(i);
      if (!shapes.has(id)) {
        const outline = ctx.base.outline(id);
        shapes.set(id, { outline, members: [], latLng: outline.middle });
      }
      shapes.get(id).members.push(i);
    }
    shown = [...shapes.values()].filter(({ members }) => members.length).sort((a, b) => sizeOf(b) - sizeOf(a));
    for (const shape of shapes.values()) {
      if (shape.members.length) shape.look = lookOf(shape);
      if (shape.marker) putPill(shape, shape.members.length ? shape.latLng : null);
    }
  }

  const canvas = new Painting({ pane: "gm-areas", padding: 0, paint(tools) {
    updatePoints();
    /* On paper, what clears this canvas clears the one below too. */
    if (ctx.onPaper) paintBase(tools, ctx.base);
    paintEvents(tools, shown, circles());
  } });

  return {
    canvas,
    update() {
      if (!map.hasLayer(group)) return;
      updateShapes();
      if (group.hasLayer(canvas)) canvas._redraw();
      else group.addLayer(canvas);
    },
    /* When the layer is switched off. */
    clear() {
      group.clearLayers();
      standing.clear();
      shapes.clear();
      shown = [];
    },
    points: () => [...standing.values()].map(({ latLng, size, name }) => ({ ...map.latLngToLayerPoint(latLng), half: size / 2, name })),
    /* Counts of the fullest areas and lines, for the layout to find them room. */
    pills: () => [...shown].sort((a, b) => b.members.length - a.members.length).slice(0, 400).map((shape) => ({ outline: shape.outline,
      half: [widthOf(faceOf(shape).face, "italic 600 12.5px Georgia, serif") / 2 + 11, 12], put: (latLng) => putPill(shape, latLng) })),
    label: (shape) => faceOf(shape).label,
    /* The smallest area or nearest line at a point of the map. */
    shapeAt({ lat, lng }) {
      const [x, y] = toWorld(lng, lat), near = 7 / 2 ** map.getZoom();
      const around = { west: x - near, east: x + near, north: y - near, south: y + near };
      return shown.findLast(({ outline }) => meets(outline.box, around) && outline.has(x, y, near));
    },
    holderOf: (i) => [...standing.values(), ...shown].find((holder) => holder.members.includes(i)),
    boundsOf(members) {
      const box = emptyBox(), seen = new Set();
      for (const i of members) {
        const id = model.drawn[i] < LINE ? null : model.get.outline(i);
        if (model.drawn[i] === POINT) {
          const x = model.x[i], y = model.y[i], reach = model.precision[i] === 2 ? (model.columns.radius_km[i] ?? 0) / 130 : 0;
          widen(box, x - reach, y - reach, x + reach, y + reach);
        } else if (id != null && !seen.has(id)) {
          seen.add(id);
          const { west, north, east, south } = ctx.base.outline(id).box;
          widen(box, west, north, east, south);
        }
      }
      return box.west > box.east ? L.latLngBounds([]) : L.latLngBounds(toLatLng(box.west, box.south), toLatLng(box.east, box.north));
    },
  };
}
