/* Part of the event map's script: words, colours and symbols.
   The parts words.js, cards.js and map.js are joined, in this order, into one function. */

// ---- Words and colours. Colours: Okabe & Ito, with wine, olive and indigo of P. Tol's set.

const CLASSES = {
  border_clash: ["Border clash", "#d55e00"],
  border_incursion: ["Border incursion", "#cc79a7"],
  border_buildup: ["Build-up at a border", "#e69f00"],
  border_closure: ["Border closure", "#0072b2"],
  armed_clash: ["Armed clash", "#d55e00"],
  shelling: ["Shelling", "#e69f00"],
  air_strike: ["Air strike", "#0072b2"],
  explosion: ["Explosion", "#f0e442"],
  attack_on_civilians: ["Attack on civilians", "#882255"],
  abduction: ["Abduction", "#cc79a7"],
  territory_change: ["Change of control", "#332288"],
  ceasefire: ["Ceasefire", "#009e73"],
  withdrawal: ["Withdrawal", "#56b4e9"],
  weapons_test: ["Weapons test", "#999933"],
  protest: ["Protest", "#e69f00"],
  coup: ["Coup", "#882255"],
  arrest: ["Arrest", "#56b4e9"],
  diplomatic_meeting: ["Diplomatic meeting", "#0072b2"],
  visit: ["Visit", "#56b4e9"],
  mediation: ["Mediation", "#009e73"],
  agreement: ["Agreement", "#cc79a7"],
  relations_down: ["Relations worsened", "#d55e00"],
  relations_up: ["Relations improved", "#999933"],
  statement: ["Statement", "#5f6b73"],
  aid: ["Aid", "#009e73"],
  displacement: ["Displacement", "#cc79a7"],
};
const SUBCLASSES = {
  interstate: "between two states",
  cross_border: "across the border",
  phone: "by phone",
  virtual: "held virtually",
};
const LAYERS = {
  border_clashes: ["Border clashes", "M12 1.5 22.5 12 12 22.5 1.5 12Z"],
  diplomatic_venues: ["Diplomatic venues", "M12 2.8a9.2 9.2 0 1 0 .01 0Z"],
  conflict: ["Conflict", "M12 2 22.4 20.6H1.6Z"],
  unrest: ["Unrest", "M3.6 3.6h16.8v16.8h-16.8Z"],
  other: ["Other events", "M8.6 2h6.8v6.6h6.6v6.8h-6.6v6.6h-6.8v-6.6h-6.6v-6.8h6.6Z"],
  history: ["History (earlier events the text looks back on)", null],
};
const STATUSES = {
  reported: "reported",
  ongoing: "ongoing",
  planned: "planned, not yet held",
  proposed: "proposed",
  threatened: "threatened",
  conditional: "conditional: it depends on something else",
  claimed: "claimed by one side, not confirmed",
  denied: "denied",
  negated: "said not to have happened",
  cancelled: "cancelled",
  postponed: "postponed",
  past_reference: "an earlier event that the text looks back on",
};
const HOLLOW = ["planned", "proposed", "threatened", "conditional"];
const DASHED = ["claimed", "denied"];
const CROSSED = ["negated", "cancelled", "postponed"];
const GREY = "#8b9096";
const INK = "#20262b";

// ---- Small helpers

const el = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children.filter((child) => child != null && child !== ""));
  return node;
};
const svg = (tag, attributes, ...children) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
};
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const words = (name) => String(name ?? "").replaceAll("_", " ");
const plural = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
const className = (event) => (CLASSES[event.event_class] ?? [words(event.event_class)])[0];
const isInternal = (event) => event.subclass === "internal_at_border";
const fullName = (event) => {
  if (isInternal(event)) return "Fighting within one country, at its border post";
  const sub = event.subclass && (SUBCLASSES[event.subclass] ?? words(event.subclass));
  return className(event) + (sub ? `, ${sub}` : "");
};
const statusWords = (event) =>
  (STATUSES[event.status] ?? words(event.status)) + (event.disputed ? "; disputed" : "");
const groupOf = (event) =>
  event.status === "past_reference" ? "history" : LAYERS[event.layer] ? event.layer : "other";
const isDrawn = (event) =>
  event.event_class !== "statement" && !["negated", "cancelled"].includes(event.status) &&
  (event.point != null || event.shape != null);
const placeName = (event) => event.place_name ?? event.place_text ?? "no place stated";
const label = (event) => `${fullName(event)}, ${placeName(event)}, ${event.date}`;

// ---- Symbols: colour = class, shape = layer, outline = status

function look(event) {
  const half = isInternal(event);
  const layer = half ? "border_clashes" : LAYERS[event.layer] ? event.layer : "other";
  const past = event.status === "past_reference";
  const crossed = CROSSED.includes(event.status);
  return {
    path: LAYERS[layer][1],
    colour: past ? GREY : (CLASSES[event.event_class] ?? [0, INK])[1],
    hollow: crossed || HOLLOW.includes(event.status),
    dashed: Boolean(event.disputed) || DASHED.includes(event.status),
    crossed,
    half,
  };
}

function symbol(style, size = 22) {
  const { path, colour, hollow, dashed, crossed, half } = style;
  const line = { d: path, fill: "none", "stroke-linejoin": "round" };
  const parts = [svg("path", { ...line, stroke: "#fff", "stroke-width": 5 })];
  if (hollow) {
    parts.push(svg("path", { ...line, stroke: INK, "stroke-width": 2.6 }));
    parts.push(svg("path", { ...line, fill: "#fff", stroke: "none" }));
    parts.push(svg("path", { ...line, stroke: colour, "stroke-width": 3.4,
      transform: "translate(12 12) scale(.8) translate(-12 -12)" }));
  } else {
    parts.push(svg("path", { ...line, fill: half ? "#fff" : colour }));
    if (half) parts.push(svg("path", { d: "M12 1.5V22.5L1.5 12Z", fill: colour }));
  }
  if (dashed) {
    parts.push(svg("path", { ...line, stroke: "#fff", "stroke-width": 3 }));
    parts.push(svg("path", { ...line, stroke: INK, "stroke-width": 2, "stroke-dasharray": "3.2 2.6" }));
  } else if (!hollow) {
    parts.push(svg("path", { ...line, stroke: INK, "stroke-width": 1.1 }));
  }
  if (crossed) parts.push(svg("path", { d: "M3 21 21 3", stroke: INK, "stroke-width": 2.4 }));
  return svg("svg", { viewBox: "-2 -2 28 28", width: size, height: size, "aria-hidden": "true" }, ...parts);
}

/* Several events at one point: a ring in the colours of their classes around the count. */
function stackSymbol(events) {
  const size = 32, radius = 12, round = 2 * Math.PI * radius;
  const counts = new Map();
  for (const event of events) {
    const { colour } = look(event);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const circle = (attributes) => svg("circle", { cx: 17, cy: 17, ...attributes });
  const parts = [circle({ r: 16, fill: "#fff" }), circle({ r: 15, fill: INK }), circle({ r: 9.6, fill: "#fff" })];
  let turned = 0;
  for (const [colour, count] of counts) {
    const share = (count / events.length) * round;
    parts.push(circle({ r: radius, fill: "none", stroke: colour, "stroke-width": 4.6,
      "stroke-dasharray": `${Math.max(share - (counts.size > 1 ? 0.9 : 0), 0.5)} ${round}`,
      transform: `rotate(${(turned / round) * 360 - 90} 17 17)` }));
    turned += share;
  }
  const text = svg("text", { x: 17, y: 21.2, "text-anchor": "middle", class: "gm-count" });
  text.textContent = events.length;
  return svg("svg", { viewBox: "0 0 34 34", width: size, height: size, "aria-hidden": "true" }, ...parts, text);
}
