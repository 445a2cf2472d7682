/* All together: the page around the map, the views in step, links and downloads. */

const soon = (run, wait) => {
  let timer = 0;
  return () => { clearTimeout(timer); timer = setTimeout(run, wait); };
};

/* When the next frame is on its way to the screen. */
const afterFrame = () => new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });

function buildShell(map, header) {
  const container = map.getContainer();
  const stage = el("div", { class: "gm-stage" });
  const app = el("div", { class: "gm-app", lang: words.lang, dir: words.dir },
    el("a", { class: "gm-skip", href: "#gm-panel", onclick: (event) => {
      event.preventDefault();
      app.querySelector("[role=tab][aria-selected=true]").focus();
    } }, t("skip")),
    el("header", { class: "gm-header" }, el("h1", {}, t("title")), el("p", { id: "gm-line" }, el("bdi", {}, header.header)),
      el("ul", { id: "gm-warnings" }, header.warnings.map((text) => el("li", {}, el("bdi", {}, text))))),
    el("main", { class: "gm-main" }, stage));
  container.before(app);
  container.dir = "ltr";
  stage.append(container);
  return { app, stage };
}

async function start(map, group) {
  setWords(JSON.parse(document.getElementById("geomap-words").textContent), JSON.parse(document.getElementById("geomap-style").textContent));
  const [data, topology] = await Promise.all([read("data"), read("base")]);
  const model = makeModel(data), base = readBase(topology, data.shapes);
  const ctx = { map, model, base, filter: makeFilter(model) };
  const { app, stage } = buildShell(map, model);
  makePanes(ctx);
  ctx.marks = makeMarks(ctx, group);
  ctx.time = makeTime(ctx);
  stage.append(ctx.time.node);
  connect(ctx, app);
  map.invalidateSize({ animate: false, pan: false });
  firstView(ctx);
  ctx.panel = makePanel(ctx);
  stage.after(ctx.panel.node);
  await ctx.restore(readHash());
  follow(ctx);
  app.dataset.ready = "true";
  group.geomap = ctx;
  await afterFrame();
  ctx.marks.canvas.options.padding = 0.3;
  ctx.ground.addTo(map);
  ctx.repaint();
  ctx.layoutNow();
  await afterFrame();
  await model.whenAll();
  app.dataset.complete = "true";
}

/* Panes from below: outlines, areas and lines of events, names; and the canvas of the base map. */
function makePanes(ctx) {
  const { map, base } = ctx;
  for (const [name, level] of [["gm-base", 150], ["gm-areas", 350], ["gm-names", 450]]) map.createPane(name).style.zIndex = level;
  map.getPane("gm-names").style.pointerEvents = "none";
  map.getPane("gm-names").setAttribute("aria-hidden", "true");
  ctx.ground = new Painting({ pane: "gm-base", padding: 0.3, paint: (tools) => paintBase(tools, base) });
  map.attributionControl.setPrefix(false).addAttribution(t("attribution"));
  L.control.scale({ maxWidth: 140, imperial: false }).addTo(map);
}

/* What follows the reader, the window, the colours and the paper. */
function follow(ctx) {
  const { map, marks, panel } = ctx;
  map.on("moveend", () => { ctx.layout(); ctx.remember(); });
  map.on("zoomstart", () => map.getPane("gm-names").replaceChildren());
  map.on("click", ({ latlng }) => {
    const shape = marks.shapeAt(latlng);
    if (shape) ctx.open(shape, latlng);
  });
  map.on("mousemove", ({ latlng }) => {
    const shape = marks.shapeAt(latlng);
    map.getContainer().classList.toggle("gm-over", Boolean(shape));
    map.getContainer().title = shape ? marks.label(shape) : "";
  });
  addEventListener("hashchange", () => ctx.restore(readHash()));
  new ResizeObserver(() => ctx.resize()).observe(map.getContainer());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", ctx.repaint);
  /* On paper: the map at the page's width and as fine as it can be, the legend, the table with its sentences. */
  const { retina } = L.Browser;
  addEventListener("beforeprint", () => {
    L.Browser.retina = ctx.onPaper = true;
    ctx.squeeze("gm-print");
    ctx.repaint();
    panel.parts.table.render(500);
    panel.parts.unplaced.update();
    ctx.time.draw();
    ctx.layoutNow();
  });
  addEventListener("afterprint", () => {
    L.Browser.retina = retina;
    ctx.onPaper = false;
    ctx.squeeze("gm-print");
    ctx.repaint();
    panel.update();
    ctx.resize();
  });
}

function firstView({ map, model, marks }) {
  const drawn = [...model.drawn.keys()].filter((i) => model.drawn[i] && !model.past[i]);
  const close = drawn.filter((i) => model.precision[i] !== 6);
  const bounds = marks.boundsOf(close.length ? close : drawn);
  if (bounds.isValid()) map.fitBounds(bounds.pad(0.08), { maxZoom: 7.5, animate: false, padding: [24, 24] });
}

function connect(ctx, app) {
  const { map, model, filter } = ctx;
  const drawTime = soon(() => ctx.time.draw(), 60);
  ctx.layoutNow = () => layoutNames(ctx);
  ctx.layout = soon(ctx.layoutNow, 90);
  ctx.remember = soon(() => writeHash(ctx), 200);
  ctx.repaint = () => {
    for (const canvas of [ctx.ground, ctx.marks.canvas]) canvas._update();
  };
  ctx.resize = () => { map.invalidateSize({ animate: false, pan: false }); drawTime(); ctx.layout(); };

  /* Gives the map another size, or its own again, without losing what it shows. */
  const steps = {};
  ctx.squeeze = (name) => {
    const view = map.getBounds(), centre = map.getCenter(), zoom = map.getZoom();
    const on = app.classList.toggle(name);
    map.invalidateSize({ animate: false, pan: false });
    if (on) map.fitBounds(view, { animate: false });
    else map.setView(centre, zoom + steps[name], { animate: false });
    steps[name] = zoom - map.getZoom();
    return on;
  };

  /* One step: filter, marks, counts and lists; names and the address follow when it is quiet. */
  ctx.refresh = (what) => {
    applyFilter(model, filter);
    ctx.marks.update();
    ctx.time.update();
    ctx.panel.update();
    if (what !== "time") drawTime();
    ctx.layout();
    ctx.remember();
  };
  const searchNow = soon(async () => { await setQuery(model, filter, ctx.panel.search.value); ctx.refresh(); }, 150);
  ctx.search = () => searchNow();
  ctx.reset = () => ctx.restore({});

  ctx.open = (holder, latLng, focus) => {
    const { members } = holder;
    if (holder.one === false && focus == null) {
      const bounds = ctx.marks.boundsOf(members);
      if (map.getBoundsZoom(bounds) > map.getZoom() + 0.25) { map.fitBounds(bounds.pad(0.15), { maxZoom: 12 }); return; }
    }
    const content = popupContent(ctx, members, focus);
    const { x, y } = map.getSize();
    const wide = Math.min(400, x - 62), full = x < 500;
    const popup = L.popup({ maxWidth: wide, minWidth: Math.min(320, wide), maxHeight: Math.max(160, y * 0.62),
      offset: [0, holder.size ? -holder.size / 3 : 0], autoPanPaddingTopLeft: [full ? 14 : 54, 14], autoPanPaddingBottomRight: [14, 14],
      className: full ? "gm-pop-full" : "" });
    popup.setLatLng(latLng ?? holder.latLng).setContent(content).openOn(map);
    content.addEventListener("filled", () => popup.update(), true);
    content.addEventListener("toggle", () => popup.update(), true);
    ctx.event = members.length === 1 ? members[0] : focus ?? null;
    const box = popup.getElement();
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", members.length === 1 ? labelOf(model, members[0]) : t("events", { n: members.length }));
    box.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", t("close"));
    content.tabIndex = -1;
    content.focus({ preventScroll: true });
    box.onkeydown = ({ key }) => key === "Escape" && map.closePopup();
    popup.on("remove", () => {
      if (box.contains(document.activeElement)) holder.marker?.getElement()?.focus({ preventScroll: true });
      ctx.event = null;
      ctx.remember();
    });
    if (focus != null) setTimeout(() => box.querySelector("details[open]")?.scrollIntoView({ block: "nearest" }), 50);
    ctx.remember();
  };

  ctx.show = (i) => {
    const { on } = filter;
    if (!filter.visible.includes(i)) {
      on.kind[model.kind[i]] = on.status[model.status[i]] = on.precision[model.precision[i]] = 1;
      Object.assign(filter, { range: null, undated: true, match: null, query: "" });
      ctx.panel.search.value = "";
      ctx.refresh();
    }
    if (!model.drawn[i]) { ctx.panel.open(isUnplaced(model, i) ? "unplaced" : "table"); return; }
    const bounds = ctx.marks.boundsOf([i]);
    const inside = map.getBounds().contains(bounds.getCenter());
    if (model.drawn[i] === POINT) map.setView(bounds.getCenter(), Math.max(map.getZoom(), inside ? 0 : 7), { animate: false });
    else if (!inside) map.fitBounds(bounds, { animate: false });
    ctx.marks.update();
    let holder = ctx.marks.holderOf(i);
    if (holder?.one === false) {
      map.setView(bounds.getCenter(), Math.max(map.getZoom(), 8), { animate: false });
      ctx.marks.update();
      holder = ctx.marks.holderOf(i);
    }
    map.getContainer().scrollIntoView({ block: "nearest" });
    if (holder) ctx.open(holder, null, i);
  };
  ctx.restore = (state) => restore(ctx, state);
  ctx.download = (kind) => download(ctx, kind);
}

/* ---- The address: view, days, switches, search and event, wherever the page may write it */

function readHash() {
  try {
    return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  } catch {
    return {};
  }
}

const kindKey = (kind) => `${kind.name}${kind.internal ? "!" : ""}.${kind.layer}`;
const keysOf = ({ model }) => ({ k: ["kind", model.kinds.map(kindKey)], s: ["status", model.statuses.map(String)],
  p: ["precision", [...Array(8).keys()].map(String)] });

function writeHash(ctx) {
  const { map, filter, model } = ctx;
  const { lat, lng } = map.getCenter();
  const parts = new URLSearchParams({ v: `${map.getZoom()}/${lat.toFixed(3)}/${lng.toFixed(3)}` });
  if (filter.range) parts.set("t", filter.range.map(iso).join(".."));
  if (!filter.undated) parts.set("u", "0");
  if (filter.query) parts.set("q", filter.query);
  for (const [letter, [facet, keys]] of Object.entries(keysOf(ctx))) {
    const changed = keys.filter((_, number) => filter.on[facet][number] !== filter.usual[facet][number]);
    if (changed.length) parts.set(letter, changed.join(","));
  }
  if (ctx.event != null) parts.set("e", model.id(ctx.event));
  try {
    history.replaceState(null, "", `#${parts}`);
  } catch { /* a frame without an address of its own */ }
}

async function restore(ctx, state) {
  const { filter, model, map } = ctx;
  const alone = state.e && Object.keys(state).length === 1;
  if (!alone) {
    const [from, to] = (state.t ?? "").split("..").map(dayNumber);
    filter.range = from <= to ? [from, to] : null;
    filter.undated = state.u !== "0";
    for (const [letter, [facet, keys]] of Object.entries(keysOf(ctx))) {
      const changed = new Set((state[letter] ?? "").split(","));
      keys.forEach((key, number) => { filter.on[facet][number] = filter.usual[facet][number] ^ changed.has(key); });
    }
    const query = (state.q ?? "").slice(0, 200);
    ctx.panel.search.value = query;
    await setQuery(model, filter, query);
    const [zoom, lat, lng] = (state.v ?? "").split("/").map(Number);
    if ([zoom, lat, lng].every(Number.isFinite)) map.setView([clamp(lat, -85, 85), clamp(lng, -180, 180)], clamp(zoom, 1.5, 14), { animate: false });
    ctx.refresh();
  }
  if (state.e) {
    await model.whenAll();
    for (let i = 0; i < model.count; i++) if (model.id(i) === state.e) { ctx.show(i); break; }
  }
}

/* ---- Downloads, of what the filters let through */

function record(ctx, i) {
  const { model } = ctx, { get, columns } = model;
  const detail = model.detail(i), [first] = detail.mentions;
  const [text, t0, t1] = first;
  const day = (value) => (Number.isNaN(value) ? null : iso(value));
  const [title, outlet, url, published, document] = first.slice(7);
  return { ...detail, cluster_id: detail.cluster_id ?? detail.event_id, event_class: get.event_class(i), subclass: get.subclass(i),
    layer: get.layer(i), status: get.status(i), country: get.country(i), admin1: get.admin1(i), place_name: model.precision[i] ? get.place(i) : null,
    date_start: day(model.start[i]), date_end: day(model.end[i]), date_precision: columns.date_precision[i],
    precision: columns.precision[i], radius_km: columns.radius_km[i], report_count: columns.report_count[i],
    sentence: text, trigger: t0 == null ? null : text.slice(t0, t1), title, source: outlet, url, published, document_id: document,
    latitude: columns.lat[i], longitude: columns.lng[i] };
}

async function download(ctx, kind) {
  await ctx.model.whenAll();
  const records = Array.from(ctx.filter.visible, (i) => record(ctx, i));
  const names = words.csv_columns, own = names.slice(0, -2);
  const cell = (value) => {
    const text = typeof value === "string" ? value.replace(/^(?=[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n])|(?<=[;\t])(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g, "'") : String(value ?? "");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const whole = kind === "csv"
    ? [names, ...records.map((row) => names.map((name) => row[name]))].map((cells) => cells.map(cell).join(",")).join("\n") + "\n"
    : JSON.stringify({ type: "FeatureCollection", name: "events", features: records.map((row) => ({ type: "Feature",
      geometry: row.latitude == null ? null : { type: "Point", coordinates: [row.longitude, row.latitude] },
      properties: Object.fromEntries(own.map((name) => [name, row[name] ?? null])) })) }, null, 1);
  const address = URL.createObjectURL(new Blob([whole], { type: kind === "csv" ? "text/csv" : "application/geo+json" }));
  el("a", { href: address, download: `events-shown.${kind}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/* ---- The layer that Folium adds to its map */

const EventLayer = L.LayerGroup.extend({
  onAdd(map) {
    L.LayerGroup.prototype.onAdd.call(this, map);
    if (this.started) { this.geomap?.refresh(); return; }
    this.started = true;
    start(map, this).catch((error) => {
      const old = !("DecompressionStream" in window);
      map.getContainer().before(el("p", { role: "alert" }, t(old ? "old_browser" : "error")));
      if (!old) throw error;
    });
  },
  onRemove(map) {
    this.geomap?.marks.clear();
    this.geomap?.layout();
    L.LayerGroup.prototype.onRemove.call(this, map);
  },
});
const eventLayer = () => new EventLayer();
