/* Part of the event map's script: the base map, the marks and their names.
   The parts words.js, cards.js and map.js are joined, in this order, into one function. */

// ---- The base map: TopoJSON to Leaflet

function decode(topology) {
  const { scale: [kx, ky], translate: [tx, ty] } = topology.transform ?? { scale: [1, 1], translate: [0, 0] };
  const arcs = topology.arcs.map((arc) => {
    let x = 0, y = 0;
    return arc.map(([dx, dy]) => {
      [x, y] = topology.transform ? [x + dx, y + dy] : [dx, dy];
      return [y * ky + ty, x * kx + tx];
    });
  });
  const ring = (numbers) => numbers.flatMap((number) => {
    const points = number < 0 ? arcs[~number].slice().reverse() : arcs[number];
    return points.slice(0, -1);
  });
  const shapes = (items) => (items ?? []).map((item) => ({ ...item, rings: item.polygons.map((polygon) => polygon.map(ring)) }));
  /* The lines of a layer that `wanted` picks by how many of its areas share them. */
  const mesh = (items, wanted) => {
    const uses = new Map();
    for (const number of (items ?? []).flatMap((item) => item.polygons.flat(2))) {
      const arc = number < 0 ? ~number : number;
      uses.set(arc, (uses.get(arc) ?? 0) + 1);
    }
    return [...uses].filter(([, count]) => wanted(count)).map(([arc]) => arcs[arc]);
  };
  const { countries, divisions } = topology;
  return {
    countries: shapes(countries),
    coasts: mesh(countries, (count) => count === 1),
    borders: mesh(countries, (count) => count > 1),
    divisions: mesh(divisions, (count) => count > 1),
  };
}

/* Where a name can stand in an area: the widest stretches of its largest ring, best first. */
function anchors(rings) {
  const largest = rings.map((polygon) => polygon[0]).reduce((best, ring) => {
    const bounds = L.latLngBounds(ring);
    const size = (bounds.getNorth() - bounds.getSouth()) * (bounds.getEast() - bounds.getWest());
    return !best || size > best.size ? { ring, bounds, size } : best;
  }, null);
  if (!largest) return [];
  const { ring, bounds } = largest;
  const found = [];
  for (const part of [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82]) {
    const lat = bounds.getSouth() + part * (bounds.getNorth() - bounds.getSouth());
    const cuts = [];
    ring.forEach(([y1, x1], index) => {
      const [y2, x2] = ring[(index + 1) % ring.length];
      if (y1 > lat !== y2 > lat) cuts.push(x1 + ((lat - y1) / (y2 - y1)) * (x2 - x1));
    });
    cuts.sort((a, b) => a - b);
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      const [from, to] = [cuts[i], cuts[i + 1]];
      found.push({ lat, lng: (from + to) / 2, width: to - from, from, to });
    }
  }
  return found.sort((a, b) => b.width - a.width).slice(0, 12);
}

function drawBase(map, base) {
  for (const [name, level] of [["gm-base", 210], ["gm-areas", 350], ["gm-names", 450]]) {
    map.createPane(name).style.zIndex = level;
  }
  map.getPane("gm-names").style.pointerEvents = "none";
  const options = { pane: "gm-base", interactive: false, renderer: L.svg({ pane: "gm-base", padding: 0.6 }) };
  const land = { ...options, className: "gm-land" };
  L.polygon(base.countries.flatMap((country) => country.rings), land).addTo(map);
  const fine = L.polyline(base.divisions, { ...options, className: "gm-division", smoothFactor: 1.5 });
  L.polyline(base.coasts, { ...options, className: "gm-coast" }).addTo(map);
  L.polyline(base.borders, { ...options, className: "gm-border" }).addTo(map);
  const detail = () => (map.getZoom() >= 4.5 ? fine.addTo(map) : fine.remove());
  map.on("zoomend", detail);
  detail();
  map.attributionControl.setPrefix(false).addAttribution(
    "Outlines: Natural Earth, public domain; borders as they are held, no statement on claims");
  L.control.scale({ maxWidth: 140, imperial: false }).addTo(map);
}

// ---- Names on the map: none may cover another, or a symbol

function drawNames(map, layer, holders, countries, shaded) {
  const pen = document.createElement("canvas").getContext("2d");
  const taken = [];
  const project = (latLng) => map.project(latLng, map.getZoom());
  const free = (box) => taken.every((other) =>
    box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3]);
  const put = (latLng, text, kind, offset, size) => {
    const name = el("span", { class: kind, dir: "auto" }, text);
    name.style.transform = `translate(${offset[0]}px, ${offset[1]}px)`;
    if (size) name.style.fontSize = `${size.toFixed(1)}px`;
    L.marker(latLng, { pane: "gm-names", interactive: false, keyboard: false,
      icon: L.divIcon({ className: "gm-name", iconSize: [0, 0], html: name }) }).addTo(layer);
  };
  const view = map.getBounds();
  const boxOf = (latLng, [w, h]) => {
    const { x, y } = project(latLng);
    return [x - w, y - h, x + w, y + h];
  };
  const around = view.pad(0.15);
  const points = holders.filter((item) => !item.stretches && around.contains(item.latLng));
  for (const holder of points) taken.push(boxOf(holder.latLng, holder.half));
  for (const holder of holders.filter((item) => item.stretches)) {
    const seen = inView(holder.stretches, view);
    holder.latLng = seen.find((spot) => free(boxOf(spot, holder.half))) ?? seen[0] ?? holder.latLng;
    holder.target.setLatLng(holder.latLng);
    taken.push(boxOf(holder.latLng, holder.half));
  }
  for (const holder of points) {
    const { x, y } = project(holder.latLng);
    pen.font = "600 12.5px system-ui, sans-serif";
    const wide = pen.measureText(holder.names).width + 6, gap = holder.half[0] + 3;
    for (const [dx, dy] of [[gap, -8], [-gap - wide, -8], [-wide / 2, gap], [-wide / 2, -gap - 16]]) {
      const box = [x + dx, y + dy, x + dx + wide, y + dy + 16];
      if (!free(box)) continue;
      taken.push(box);
      put(holder.latLng, holder.names, "gm-place", [dx, dy]);
      break;
    }
  }
  const scale = (256 * 2 ** map.getZoom()) / 360;
  for (const country of countries) {
    if (shaded.has(country.id)) continue;
    const seen = inView(country.anchors, view);
    if (!seen.length) continue;
    const room = seen[0].width * scale;
    const size = Math.max(10, Math.min(17, room / (country.name.length * 0.95)));
    pen.font = `${size}px Georgia, serif`;
    const wide = pen.measureText(country.name.toUpperCase()).width + country.name.length * size * 0.15;
    for (const { lat, lng, width } of seen) {
      if (width * scale < wide) break;
      const { x, y } = project([lat, lng]);
      const box = [x - wide / 2, y - size / 2 - 1, x + wide / 2, y + size / 2 + 1];
      if (!free(box)) continue;
      taken.push(box);
      put([lat, lng], country.name, "gm-country", [-wide / 2, -size / 2 - 2], size);
      break;
    }
  }
}

/* The stretches of an area that the window shows, cut at its edges, best first. */
function inView(stretches, view) {
  return stretches
    .filter(({ lat }) => lat > view.getSouth() && lat < view.getNorth())
    .map(({ lat, from, to }) => [lat, Math.max(from, view.getWest()), Math.min(to, view.getEast())])
    .map(([lat, from, to]) => ({ lat, lng: (from + to) / 2, width: to - from }))
    .filter(({ width }) => width > 0)
    .sort((a, b) => b.width - a.width);
}

// ---- Events on the map

/* Events whose symbols would cover each other share one, at the place of the first. */
function merge(map, events) {
  const groups = [];
  for (const event of events) {
    const spot = map.project(event.point, map.getZoom());
    const group = groups.find((other) => other.spot.distanceTo(spot) < 17);
    if (group) group.events.push(event);
    else groups.push({ spot, latLng: L.latLng(event.point), events: [event] });
  }
  return groups;
}

function hatch(colour) {
  const id = `gm-hatch-${colour.slice(1)}`;
  if (!document.getElementById(id)) {
    const line = svg("path", { d: "M0 0V8", stroke: colour, "stroke-width": 2.6 });
    const ground = svg("rect", { width: 8, height: 8, fill: colour, opacity: 0.14 });
    const pattern = svg("pattern", { id, width: 8, height: 8, patternUnits: "userSpaceOnUse",
      patternTransform: "rotate(45)" }, ground, line);
    const holder = svg("svg", { width: 0, height: 0, "aria-hidden": "true" }, pattern);
    holder.style.position = "absolute";
    document.body.append(holder);
  }
  return `url(#${id})`;
}

function shapeLayers(event, events, shapes, base) {
  const geometry = event.shape === "country" ? null : shapes[event.shape];
  const rings = geometry ? null : base.countries.find((item) => item.id === event.country)?.rings;
  const isLine = Boolean(geometry) && geometry.type.endsWith("LineString");
  const colours = new Set(events.map((item) => look(item).colour));
  const colour = colours.size === 1 ? [...colours][0] : "#4a5058";
  const dashed = events.every((item) => look(item).hollow || look(item).dashed);
  const style = { pane: "gm-areas", color: colour, weight: isLine ? 5 : 1.6, opacity: 0.9, fill: !isLine,
    fillColor: isLine ? colour : hatch(colour), fillOpacity: event.precision === 6 ? 0.3 : 0.6, dashArray: dashed ? "7 5" : null };
  const drawn = geometry ? L.geoJSON(geometry, { style, pane: "gm-areas" }) : L.polygon(rings, style);
  const coordinates = geometry && geometry.type.startsWith("Multi") ? geometry.coordinates : geometry && [geometry.coordinates];
  let stretches;
  if (isLine) {
    const longest = coordinates.reduce((best, line) => (line.length > best.length ? line : best));
    stretches = [0.5, 0.35, 0.65, 0.2, 0.8].map((part, index) => {
      const [lng, lat] = longest[Math.floor(longest.length * part)];
      return { lat, from: lng, to: lng + (5 - index) / 1e6 };
    });
  } else {
    stretches = anchors(rings ?? coordinates.map((polygon) => polygon.map((ring) => ring.map(([x, y]) => [y, x]))));
  }
  return { drawn, stretches, isLine };
}

// ---- All together

function draw(map) {
  const data = read("geomap-data");
  const base = decode(read("geomap-base"));
  const countries = new Map(base.countries.map((country) => [country.id, country.name]));
  for (const country of base.countries) country.anchors = anchors(country.rings);
  const events = data.events;
  for (const [number, event] of events.entries()) {
    event.number = number;
    if (event.precision === 6 && event.shape == null && countries.has(event.country)) event.shape = "country";
  }
  const on = Object.fromEntries(Object.keys(LAYERS).map((name) => [name, name !== "history"]));
  const marks = L.layerGroup().addTo(map);
  const names = L.layerGroup().addTo(map);
  const standing = new Map();
  let focus = null;

  const shown = () => events.filter((event) => isDrawn(event) && on[groupOf(event)]);
  const content = (list) => () => popup(list, countries, focus);
  const attach = (layer, list) => layer.bindPopup(content(list), {
    maxWidth: Math.min(380, map.getSize().x - 50), minWidth: Math.min(300, map.getSize().x - 60),
    maxHeight: Math.max(220, map.getSize().y * 0.52), autoPanPadding: [12, 12], closeOnEscapeKey: true });
  const marker = (latLng, list, icon, text) => {
    const made = L.marker(latLng, { icon, riseOnHover: true, title: text });
    made.on("add", () => made.getElement().setAttribute("aria-label", text));
    return attach(made, list);
  };

  function pointHolder(group) {
    const list = group.events;
    const single = list.length === 1;
    const size = single ? 26 : 34;
    const node = single ? symbol(look(list[0]), size) : stackSymbol(list);
    const places = [...new Set(list.map(placeName))];
    const text = single ? label(list[0]) : `${plural(list.length, "event")}: ${places.join(", ")}`;
    const icon = L.divIcon({ className: "gm-symbol", iconSize: [size, size], html: node });
    const circles = list.filter((event) => event.precision === 2 && event.radius_km).map((event) =>
      L.circle(event.point, { radius: event.radius_km * 1000, pane: "gm-areas", interactive: false,
        color: look(event).colour, weight: 1.4, dashArray: "2 4", fillOpacity: 0.1 }));
    const made = marker(group.latLng, list, icon, text);
    const near = single && list[0].precision === 2 ? "near " : "";
    return { layers: [...circles, made], target: made, latLng: group.latLng, half: [size / 2, size / 2],
      names: near + (places.length > 2 ? `${places[0]} and ${places.length - 1} others` : places.join(" · ")) };
  }

  function shapeHolder(list) {
    const { drawn, stretches, isLine } = shapeLayers(list[0], list, data.shapes, base);
    const name = placeName(list[0]);
    const text = `${isLine ? "Along" : "Somewhere in"} ${name}: ${plural(list.length, "event")}`;
    const pill = el("span", { class: "gm-pill", dir: "auto" }, `${isLine ? "along" : "in"} ${name}${list.length > 1 ? `: ${list.length} events` : ""}`);
    const icon = L.divIcon({ className: "gm-pill-holder", iconSize: [0, 0], html: pill });
    const { lat, from, to } = stretches[0];
    const latLng = L.latLng(lat, (from + to) / 2);
    const made = marker(latLng, list, icon, list.length === 1 ? `${label(list[0])} (${text})` : text);
    return { layers: [attach(drawn, list), made], target: made, latLng, stretches, half: [pill.textContent.length * 3.3 + 10, 12],
      country: list[0].precision === 6 ? list[0].country : null };
  }

  function redraw() {
    const visible = shown();
    const wanted = new Map();
    const byShape = new Map();
    for (const event of visible.filter((item) => item.shape != null)) {
      const key = event.shape === "country" ? `country ${event.country}` : `shape ${event.shape}`;
      byShape.set(key, [...(byShape.get(key) ?? []), event]);
    }
    const numbers = (list) => list.map((event) => event.number).join(" ");
    for (const [key, list] of byShape) wanted.set(`${key}: ${numbers(list)}`, () => shapeHolder(list));
    for (const group of merge(map, visible.filter((event) => event.point))) {
      wanted.set(numbers(group.events), () => pointHolder(group));
    }
    for (const [key, holder] of standing) {
      if (wanted.has(key)) continue;
      holder.layers.forEach((layer) => marks.removeLayer(layer));
      standing.delete(key);
    }
    for (const [key, make] of wanted) {
      if (standing.has(key)) continue;
      const holder = make();
      holder.key = key;
      holder.layers.forEach((layer) => marks.addLayer(layer));
      standing.set(key, holder);
    }
    rename();
    report(visible);
  }

  function rename() {
    names.clearLayers();
    const holders = [...standing.values()];
    drawNames(map, names, holders, base.countries, new Set(holders.map((holder) => holder.country)));
  }

  function report(visible) {
    const hidden = events.filter(isDrawn).length - visible.length;
    const off = events.filter((event) => !isDrawn(event)).length;
    document.getElementById("gm-status").textContent =
      `${visible.length} of ${plural(events.length, "event")} on the map` +
      (hidden ? `, ${hidden} in layers that are off` : "") + (off ? `, ${off} in the lists only` : "") + ".";
  }

  function show(event) {
    const box = document.querySelector(`[data-layer="${groupOf(event)}"]`);
    if (!box.checked) { box.checked = true; on[groupOf(event)] = true; redraw(); }
    const number = String(event.number);
    const holder = [...standing.values()].find((item) => item.key.split(": ").at(-1).split(" ").includes(number));
    focus = event;
    map.getContainer().scrollIntoView({ block: "nearest" });
    if (!map.getBounds().contains(holder.latLng)) map.panTo(holder.latLng, { animate: false });
    holder.target.openPopup();
    focus = null;
  }

  function firstView() {
    const bounds = L.latLngBounds([]);
    const add = (event) => {
      if (event.point) bounds.extend(L.latLng(event.point).toBounds((event.radius_km ?? 0) * 2000 + 1000));
      else bounds.extend(shapeLayers(event, [event], data.shapes, base).drawn.getBounds());
    };
    const visible = shown();
    visible.filter((event) => event.precision !== 6).forEach(add);
    if (!bounds.isValid()) visible.forEach(add);
    if (bounds.isValid()) map.fitBounds(bounds.pad(0.12), { maxZoom: 7.5, animate: false, padding: [30, 30] });
  }

  fillHeader(data);
  drawBase(map, base);
  fillLayers(events, on, redraw);
  fillLegend(events);
  const lists = events.filter((event) => !isDrawn(event));
  fillUnplaced(lists.filter((event) => event.event_class !== "statement"),
    lists.filter((event) => event.event_class === "statement"), events.length);
  fillTable(events, countries, show);
  map.invalidateSize({ animate: false });
  firstView();
  redraw();
  map.on("zoomend", redraw);
  map.on("moveend", rename);
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
  map.on("popupopen", ({ popup: { _contentNode: node } }) => {
    node.tabIndex = -1;
    node.focus({ preventScroll: true });
    node.onkeydown = ({ key }) => key === "Escape" && map.closePopup();
  });
  map.on("popupclose", ({ popup: { _source: origin, _contentNode: node } }) => {
    if (node.contains(document.activeElement)) origin?.getElement?.()?.focus({ preventScroll: true });
  });
}
