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
  symbol(model.kinds[model.kind[i]].marks[outlineOf(model.get.status(i), model.columns.disputed[i])], size);

const symbol = (paths, size) =>
  svg("svg", { viewBox: "-2 -2 28 28", width: size, height: size, "aria-hidden": "true" }, paths.map((path) => svg("path", path)));

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
