/* The panel beside the map: search, legend and filters, the table, the list without places. */

function makePanel(ctx) {
  const { model, filter } = ctx;
  const status = el("p", { class: "gm-status", role: "status", "aria-live": "polite", id: "gm-status" });
  const search = el("input", { type: "search", id: "gm-search", placeholder: t("search_hint"), "aria-label": t("search"), dir: "auto",
    oninput: () => ctx.search(search.value) });
  const tools = el("div", { class: "gm-tools" }, el("span", {}, t("download")),
    ["csv", "geojson"].map((kind) => el("button", { type: "button", onclick: () => ctx.download(kind) }, t(kind))),
    el("button", { type: "button", class: "gm-reset", onclick: () => ctx.reset() }, t("reset")));
  const parts = { filter: makeLegend(ctx), table: makeTable(ctx), unplaced: makeUnplaced(ctx) };
  const names = Object.keys(parts);
  const tabs = {}, panels = {};
  for (const name of names) {
    tabs[name] = el("button", { type: "button", role: "tab", id: `gm-tab-${name}`, "aria-controls": `gm-${name}`, onclick: () => open(name), onkeydown: step });
    panels[name] = el("div", { role: "tabpanel", id: `gm-${name}`, "aria-labelledby": `gm-tab-${name}`, tabindex: 0, class: "gm-panel" }, parts[name].node);
  }
  let current = null;
  function open(name, focus) {
    current = name;
    for (const other of names) {
      const on = other === name;
      tabs[other].setAttribute("aria-selected", String(on));
      tabs[other].tabIndex = on ? 0 : -1;
      panels[other].hidden = !on;
    }
    if (focus) tabs[name].focus();
    parts[name].update();
  }
  function step(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key] * (words.dir === "rtl" ? -1 : 1);
    if (!by) return;
    event.preventDefault();
    open(names[(names.indexOf(current) + by + names.length) % names.length], true);
  }
  const node = el("aside", { class: "gm-side", id: "gm-panel", "aria-label": t("panel") },
    el("div", { class: "gm-top" }, search, status, tools,
      el("div", { role: "tablist", class: "gm-tabs", "aria-label": t("panel") }, names.map((name) => tabs[name]))),
    names.map((name) => panels[name]));
  tabs.filter.textContent = t("tab_filter");
  tabs.table.textContent = t("tab_table");
  open("filter");

  return { node, open, search, parts, current: () => current,
    update() {
      const { visible } = filter;
      let drawn = 0, unplaced = 0;
      for (const i of visible) {
        if (model.drawn[i]) drawn++;
        else if (isUnplaced(model, i)) unplaced++;
      }
      const off = model.count - visible.length;
      status.textContent = t("status_line", { shown: visible.length, total: t("events", { n: model.count }),
        drawn, listed: unplaced, kept: visible.length - drawn - unplaced }) + (off ? `; ${t("off_line", { n: off })}` : "") + ".";
      tabs.unplaced.textContent = t("tab_unplaced", { n: unplaced });
      parts.filter.update();
      if (current !== "filter") parts[current].update();
    } };
}

const isUnplaced = (model, i) => !model.drawn[i] && !model.columns.table_only[i];

/* ---- Legend and filters in one: each mark with its switch and its count */

function makeLegend(ctx) {
  const { model, filter } = ctx;
  const rows = [];
  const row = (facet, number, mark, text) => {
    const count = el("b");
    const input = el("input", { type: "checkbox", "data-facet": facet, "data-number": number, onchange: () => {
      filter.on[facet][number] = +input.checked;
      ctx.refresh();
    } });
    const label = el("label", {}, input, mark, el("span", { dir: "auto" }, text), count);
    rows.push({ facet, number, input, count, label });
    return label;
  };
  const groups = [];
  const group = (title, labels, mark) => {
    const inputs = labels.map((label) => label.querySelector("input"));
    const all = el("input", { type: "checkbox", "aria-label": title, onchange: () => {
      for (const { dataset } of inputs) filter.on[dataset.facet][dataset.number] = +all.checked;
      ctx.refresh();
    } });
    groups.push({ all, inputs });
    return el("fieldset", {}, el("legend", {}, el("label", {}, all, mark, title)), labels);
  };
  const node = el("div", { class: "gm-legend" }, el("h2", {}, t("classes")));
  for (const [layer, label] of Object.entries(style.layers)) {
    const kinds = [...model.kinds.entries()].filter(([, kind]) => kind.layer === layer)
      .sort(([, a], [, b]) => a.internal - b.internal || style.classes.indexOf(a.name) - style.classes.indexOf(b.name));
    if (!kinds.length) continue;
    node.append(group(label, kinds.map(([number, { internal, label, marks }]) =>
      row("kind", number, symbol(marks.solid, 22), internal ? t("mark_internal", { label }) : label)), symbol(model.legend.layers[layer], 18)));
  }
  const statusOrder = Object.keys(style.statuses);
  const statuses = model.statuses.map((status, number) => ({ status, number })).filter(({ status }) => status != null)
    .sort((a, b) => statusOrder.indexOf(a.status) - statusOrder.indexOf(b.status));
  node.append(el("h2", {}, t("certainty")), el("fieldset", { "aria-label": t("certainty") }, statuses.map(({ status, number }) => {
    const outline = outlineOf(status, false);
    return row("status", number, symbol(model.legend.outlines[outline], 22), statusLabel(status) + (outline === "solid" ? "" : ` (${t(`outline_${outline}`)})`));
  })));
  const present = [1, 2, 3, 4, 5, 6, 7, 0].filter((precision) => model.precision.includes(precision));
  node.append(el("h2", {}, t("places")), el("fieldset", { "aria-label": t("places") }, present.map((precision) =>
    row("precision", precision, el("i", { class: `gm-key gm-key-${precision}` }), t(`precision_${precision}`)))));
  const note = (mark, key) => el("li", {}, mark, el("span", {}, t(key)));
  const sample = [{ colour: "#0072b2", count: 3 }, { colour: "#e69f00", count: 2 }, { colour: "#009e73", count: 1 }];
  node.append(el("h2", {}, t("marks")), el("ul", { class: "gm-keys" }, note(ring(sample, 6), "mark_ring"),
    note(el("i", { class: "gm-key gm-key-2" }), "mark_near"), note(el("i", { class: "gm-key gm-key-4" }), "mark_area"),
    note(el("i", { class: "gm-key gm-key-5" }), "mark_line"), note(symbol(model.legend.outlines.grey, 20), "mark_history"),
    note(el("i", { class: "gm-key gm-key-0" }), "mark_table_only")),
    el("h2", {}, t("base_map")), el("ul", { class: "gm-keys" }, note(el("i", { class: "gm-key gm-key-border" }), "mark_border"),
      note(el("i", { class: "gm-key gm-key-disputed" }), "mark_disputed")));
  return { node, update() {
    for (const { facet, number, input, count, label } of rows) {
      const n = filter.counts[facet][number];
      input.checked = Boolean(filter.on[facet][number]);
      const text = numbers.format(n);
      if (count.textContent !== text) count.textContent = text;
      label.classList.toggle("gm-zero", !n);
    }
    for (const { all, inputs } of groups) {
      const on = inputs.filter((input) => input.checked).length;
      all.checked = on > 0;
      all.indeterminate = on > 0 && on < inputs.length;
    }
  } };
}

/* ---- The table: every event that the filters let through */

const SORTS = ["event", "date", "place", "status", "reports"];

function makeTable(ctx) {
  const { model, filter } = ctx;
  let sort = { by: "date", down: false }, shown = null;
  const heads = SORTS.map((name) => el("th", { scope: "col", "data-sort": name, class: name === "reports" && "gm-wide-only" },
    el("button", { type: "button", onclick: () => {
      sort = { by: name, down: sort.by === name && !sort.down };
      render();
    } }, t(`col_${name}`))));
  const caption = el("caption");
  const body = el("tbody");
  const table = el("table", { id: "gm-events" }, caption,
    el("thead", {}, el("tr", {}, heads, el("th", { scope: "col", class: "gm-wide-only" }, t("col_sentence")))), body);
  const wide = el("button", { type: "button", "aria-pressed": "false", onclick: () => {
    wide.setAttribute("aria-pressed", String(ctx.squeeze("gm-wide")));
    ctx.resize();
  } }, t("wide"));
  const ranks = {};
  const texts = { event: (i) => fullName(model, i), place: (i) => placeOf(model, i), status: (i) => statusWords(model, i) };

  function rank(name) {
    if (!ranks[name]) {
      const values = Array.from({ length: model.count }, (_, i) => (name === "reports" ? model.columns.report_count[i] ?? 0 : texts[name](i)));
      const compare = name === "reports" ? (a, b) => b - a : new Intl.Collator(words.lang).compare;
      const place = new Map([...new Set(values)].sort(compare).map((value, index) => [value, index]));
      ranks[name] = values.map((value) => place.get(value));
    }
    return ranks[name];
  }

  function sorted() {
    if (sort.by === "date") return sort.down ? filter.visible.slice().reverse() : filter.visible;
    const order = rank(sort.by), sign = sort.down ? -1 : 1;
    return Float64Array.from(filter.visible, (i) => sign * order[i] * 1e7 + i).sort()
      .map((code) => ((code % 1e7) + 1e7) % 1e7);
  }

  function row(i) {
    const { get } = model;
    const button = el("button", { type: "button", "aria-expanded": "false", class: "gm-open", onclick: toggle },
      marked(model, i, 20), el("span", {}, texts.event(i)));
    const said = el("td", { class: "gm-wide-only" });
    const line = el("tr", { "data-event": i }, el("th", { scope: "row", dir: "auto" }, button), el("td", { dir: "auto" }, get.date(i)),
      el("td", { dir: "auto" }, texts.place(i)), el("td", { dir: "auto" }, texts.status(i)),
      el("td", { class: "gm-wide-only" }, String(model.columns.report_count[i] ?? "")), said);
    const say = () => { const [first] = model.detail(i).mentions; said.append(sentence(first), source(first)); };
    if (model.detail(i)) say();
    else model.whenDetail(i).then(say);
    function toggle() {
      const on = button.getAttribute("aria-expanded") === "false";
      button.setAttribute("aria-expanded", String(on));
      if (on) line.after(el("tr", { class: "gm-proof" }, el("td", { colspan: 6 }, card(ctx, i, { title: false, show: true }))));
      else line.nextSibling.remove();
    }
    return line;
  }

  function render(size = 100) {
    for (const head of heads) {
      const on = head.dataset.sort === sort.by;
      if (on) head.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    const items = sorted();
    shown = filter.visible;
    caption.textContent = t("caption", { shown: t("events", { n: items.length }) });
    body.replaceChildren();
    if (items.length) paged(body, items, row, size);
    else body.append(el("tr", {}, el("td", { colspan: 6 }, t("table_none"))));
  }
  return { node: el("div", { class: "gm-table" }, el("p", { class: "gm-buttons gm-wide-button" }, wide), table),
    render, update() { if (!shown || shown.length !== filter.visible.length || shown.some((i, n) => i !== filter.visible[n])) render(); } };
}

/* ---- Events without a place that can be drawn, each with the reason */

function makeUnplaced(ctx) {
  const { model, filter } = ctx;
  const node = el("div", { class: "gm-unplaced" });
  const reason = (i) => (model.precision[i] ? placeWords(ctx, i, model.detail(i)) : model.get.place(i) ? t("not_found", { place: model.get.place(i) }) : t("no_place"));
  return { node, update() {
    const items = filter.visible.filter((i) => isUnplaced(model, i));
    const list = el("div");
    node.replaceChildren(el("p", {}, t(items.length ? "unplaced_intro" : "unplaced_none")), list);
    paged(list, items, (i) => fold(ctx, i, { reason: reason(i) }));
  } };
}
