/* Part of the event map's script: elements, words, data blocks.
   The parts dom, model, symbols, card, base, names, marks, time, panel and main are joined, in this order,
   into one function. Text of articles becomes page content here and nowhere else: `el` and `svg` put
   it in by text nodes and attributes; no part of the script writes HTML. */

const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value != null && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child != null && child !== "" && child !== false));
  return node;
}

/* A link, for http and https alone; any other address is shown as text. */
const link = (url, text) => /^https?:\/\//i.test(url ?? "")
  ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text) : el("span", {}, text);

/* Parts in a row; none turns the direction of the next. */
const inRow = (parts) => parts.filter(Boolean).map((part, n) => [n ? " · " : "", el("bdi", {}, part)]);
const brief = (text, most = 120) => (text.length > most ? `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…` : text);

/* ---- Data blocks: plain JSON, or gzip in base64, which the browser unpacks itself */

async function read(name) {
  const node = document.getElementById(`geomap-${name}`), text = node.textContent;
  if (node.type === "application/json") return JSON.parse(text);
  node.textContent = "";
  const unpacker = new DecompressionStream("gzip"), writer = unpacker.writable.getWriter();
  writer.write(Uint8Array.fromBase64?.(text) ?? Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
  writer.close();
  const decoder = new TextDecoder(), reader = unpacker.readable.getReader();
  let json = "", part = await reader.read();
  for (; !part.done; part = await reader.read()) json += decoder.decode(part.value, { stream: true });
  return JSON.parse(json);
}

/* When the page has come to its end: the last blocks stand there. */
const whole = new Promise((done) => {
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", done);
  else done();
});

/* ---- Words */

let words = {}, style = {}, locale, plurals, numbers, days;

function setWords(found, looks) {
  words = found;
  style = looks;
  locale = words.lang === "en" ? "en-GB" : words.lang;
  plurals = new Intl.PluralRules(locale);
  numbers = new Intl.NumberFormat(locale);
  days = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

/* The words under a key, with {names} replaced; `n` also chooses the plural form. */
function t(key, values = {}) {
  let text = words[key] ?? key;
  if (typeof text === "object") text = text[plurals.select(values.n)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) =>
    typeof values[name] === "number" ? numbers.format(values[name]) : values[name] ?? whole);
}

/* A value of a table by a name that may be anything, also one that every object has. */
const own = (table, name) => (Object.hasOwn(table, name) ? table[name] : undefined);
/* Letters without case and accents, as people type them. */
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const spaced = (name) => String(name ?? "").replaceAll("_", " ");
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/* Day numbers (days since 1970) to ISO text and back, and to words. */
const iso = (day) => new Date(day * 864e5).toISOString().slice(0, 10);
const dayNumber = (text) => Math.round(Date.parse(`${text}T00:00:00Z`) / 864e5);
const dayWords = (day) => days.format(day * 864e5);
