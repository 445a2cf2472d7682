/* Marks: the shape of the layer, the colour and the sign of the class, the outline of the status. */

const statusLabel = (status) => own(style.statuses, status)?.label ?? spaced(status);
const outlineOf = (status, disputed) => {
  const outline = own(style.statuses, status)?.outline ?? "solid";
  return disputed && outline === "solid" ? "dashed" : outline;
};

function fullName(model, i) {
  const kind = model.kinds[model.kind[i]], sub = model.get.subclass(i);
  return kind.internal || !sub ? kind.label : `${kind.label}, ${own(style.subclasses, sub) ?? spaced(sub)}`;
}

const statusWords = (model, i) =>
  [statusLabel(model.get.status(i)), model.columns.disputed[i] && t("disputed")].filter(Boolean).join("; ");
const placeOf = (model, i) => model.get.place(i) ?? t("no_place");
const labelOf = (model, i) => `${fullName(model, i)}, ${placeOf(model, i)}, ${model.get.date(i)}`;
const marked = (model, i, size) =>
  symbol(model.kinds[model.kind[i]], outlineOf(model.get.status(i), model.columns.disputed[i]), size);

function symbol(kind, outline = "solid", size = 22) {
  const layer = style.layers[kind.layer];
  const sign = own(style.classes, kind.name)?.sign;
  const grey = outline === "grey", hollow = outline === "hollow" || outline === "struck";
  const colour = grey ? style.grey : kind.colour;
  const line = { d: layer.shape, fill: "none", "stroke-linejoin": "round" };
  const parts = [svg("path", { ...line, stroke: style.paper, "stroke-width": 4.6 })];
  const plain = hollow || kind.internal;
  parts.push(svg("path", { ...line, fill: plain ? style.paper : colour }));
  if (kind.internal) parts.push(svg("path", { d: "M12 .8V23.2L.8 12Z", fill: colour }));
  if (hollow) {
    parts.push(svg("path", { ...line, stroke: colour, "stroke-width": 3, transform: "translate(12 12) scale(.83) translate(-12 -12)" }));
  }
  const edge = outline === "dashed" ? { "stroke-width": 2.4, "stroke-dasharray": "3.4 2.4" } : { "stroke-width": 1.3 };
  if (outline === "dashed") parts.push(svg("path", { ...line, stroke: style.paper, "stroke-width": 3 }));
  parts.push(svg("path", { ...line, stroke: style.ink, ...edge }));
  if (sign && !kind.internal) {
    parts.push(svg("path", { d: sign, fill: "none", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round",
      stroke: plain ? style.ink : grey ? style.paper : style.signs[kind.name], transform: `translate(${layer.centre})` }));
  }
  if (outline === "struck") parts.push(svg("path", { d: "M2 22 22 2", stroke: style.ink, "stroke-width": 2.4 }));
  return svg("svg", { viewBox: "-2 -2 28 28", width: size, height: size, "aria-hidden": "true" }, ...parts);
}

/* The parts of a ring: colours with their share, the largest first. */
function pieOf(model, members) {
  const counts = new Map();
  for (const i of members) {
    const key = model.past[i] ? -1 : model.kind[i];
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([number, count]) =>
    ({ count, kind: model.kinds[number], colour: number < 0 ? style.grey : model.kinds[number].colour }));
}

function pieGradient(parts, total) {
  if (parts.length === 1) return parts[0].colour;
  let done = 0;
  const stops = parts.map(({ colour, count }) => {
    const from = done;
    done += (count / total) * 100;
    const gap = Math.min(1.2, (done - from) / 3);
    return `${colour} ${from.toFixed(1)}% ${(done - gap).toFixed(1)}%, #fff ${(done - gap).toFixed(1)}% ${done.toFixed(1)}%`;
  });
  return `conic-gradient(${stops.join(", ")})`;
}

const ringSize = (count) => clamp(Math.round(27 + 5 * Math.log10(count) * 2), 30, 56);
const shortNumber = (count) => (count < 10000 ? numbers.format(count) : `${Math.round(count / 1000)}k`);

function ring(parts, total) {
  const node = el("div", { class: "gm-ring" }, el("b", {}, shortNumber(total)));
  node.style.background = pieGradient(parts, total);
  node.style.width = node.style.height = `${ringSize(total)}px`;
  return node;
}
