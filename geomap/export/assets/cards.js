/* Part of the event map's script: popups, lists, legend and table.
   All text of articles enters the page by textContent; nothing here writes HTML.
   The parts words.js, cards.js and map.js are joined, in this order, into one function. */

// ---- Places and doubts in words

function placeWords(event, countries) {
  const name = placeName(event);
  const country = countries.get(event.country) ?? event.country;
  const within = [event.admin1, country].filter((part) => part && part !== name).join(", ");
  const full = within ? `${name} (${within})` : name;
  const radius = event.radius_km ? ` (within about ${Math.round(event.radius_km)} km)` : "";
  switch (event.precision) {
    case 1: return `${full}: this place itself`;
    case 2: return `near ${full}${radius}`;
    case 3: return `somewhere in the district of ${full}; the point is not stated`;
    case 4: return `somewhere in the province of ${full}; the point is not stated`;
    case 5: return `along ${full}, or in this region; the point is not stated`;
    case 6: return `somewhere in ${name}; the place within the country is not stated`;
    case 7: return `${full}: at sea or in the air`;
  }
  if (event.place_text) return `“${event.place_text}”: named in the text, not found in the gazetteer`;
  return "no place stated";
}

function unplacedReason(event) {
  if (event.precision != null) return placeWords(event, new Map());
  return event.why || (event.place_text ? "not found in the gazetteer" : "no place stated");
}

function confidenceWords(event) {
  if (event.confidence == null) return null;
  const value = Number(event.confidence);
  const word = value >= 0.8 ? "high" : value >= 0.5 ? "medium" : "low";
  const parts = Object.entries(event.confidence_parts ?? {}).map(
    ([name, part]) => `${words(name)} ${typeof part === "number" ? part.toFixed(2) : part}`);
  return `${word} (${value.toFixed(2)}${parts.length ? `: ${parts.join(", ")}` : ""})`;
}

// ---- The popup: one event with its proof

function sentence(mention) {
  return el("blockquote", { dir: "auto" }, ...mention.parts.map(([text, kind]) => {
    if (!kind) return text;
    const title = kind.split(" ").map((part) => (part === "place" ? "the place" : "the event")).join(", ");
    return el("mark", { class: kind.split(" ").map((part) => `gm-${part}`).join(" "), title }, text);
  }));
}

function source(mention) {
  const title = mention.title || mention.document || "source";
  const web = /^https?:\/\//i.test(mention.url ?? "");
  const head = web
    ? el("a", { href: mention.url, target: "_blank", rel: "noopener noreferrer" }, title)
    : el("span", {}, title);
  const rest = [mention.source, mention.published && `published ${mention.published}`]
    .filter(Boolean).map((part) => ` · ${part}`).join("");
  return el("p", { class: "gm-source", dir: "auto" }, head, rest);
}

function article(event, countries) {
  const facts = el("dl");
  const fact = (name, ...values) => {
    const shown = values.filter(Boolean);
    if (shown.length) facts.append(el("dt", {}, name), ...shown.map((value) => el("dd", { dir: "auto" }, value)));
  };
  const [first, ...others] = event.mentions;
  const dateText = event.mentions.find((mention) => mention.date_text)?.date_text;
  fact("Status", statusWords(event));
  fact("When", event.date + (dateText ? ` (in the text: “${dateText}”)` : ""));
  fact("Where", placeWords(event, countries));
  fact("Who", ...(event.actors_roles ?? []).map(words));
  fact("Numbers", event.numbers_text);
  fact("Who says so", event.attributed_to || "the article itself");
  fact("Why here", event.why);
  fact("Other places it could be", ...(event.alternatives ?? []));
  fact("Confidence", confidenceWords(event));
  fact("Reasons", ...(event.reasons ?? []));
  fact("Review", [event.review_status, event.reviewer, event.note].filter(Boolean).join(" · "));
  const node = el("article", { class: "gm-event" },
    el("h3", {}, symbol(look(event), 20), fullName(event)), sentence(first), source(first), facts);
  if (others.length) {
    node.append(el("details", { class: "gm-mentions" },
      el("summary", {}, `${plural(others.length, "more mention")} of it`),
      ...others.flatMap((mention) => [
        el("p", { class: "gm-mention-status" }, STATUSES[mention.status] ?? words(mention.status)),
        sentence(mention), source(mention)])));
  }
  return node;
}

function popup(events, countries, focus) {
  if (events.length === 1) return el("div", { class: "gm-popup" }, article(events[0], countries));
  const open = events.includes(focus) ? focus : events[0];
  return el("div", { class: "gm-popup" },
    el("p", { class: "gm-list-title" }, `${plural(events.length, "event")} here, in time order`),
    ...events.map((event) => {
      const names = new Set(events.map(placeName));
      const where = names.size > 1 ? ` · ${placeName(event)}` : "";
      const details = el("details", { class: "gm-item" },
        el("summary", {}, symbol(look(event), 18), el("span", {}, fullName(event),
          el("small", {}, `${event.date}${where} · ${words(event.status)}`))),
        article(event, countries));
      details.open = event === open;
      return details;
    }));
}

// ---- The page beside the map

function fillHeader(data) {
  document.getElementById("gm-line").textContent = data.header;
  document.getElementById("gm-warnings").append(...data.warnings.map((text) => el("li", { dir: "auto" }, text)));
}

function fillLayers(events, on, changed) {
  const box = document.getElementById("gm-layers");
  for (const [name, [title, path]] of Object.entries(LAYERS)) {
    const count = events.filter((event) => isDrawn(event) && groupOf(event) === name).length;
    const input = el("input", { type: "checkbox", "data-layer": name });
    input.checked = on[name];
    input.disabled = !count;
    input.addEventListener("change", () => { on[name] = input.checked; changed(); });
    const mark = symbol({ path: path ?? LAYERS.diplomatic_venues[1], colour: path ? "#c9ced2" : GREY }, 17);
    box.append(el("label", { class: count ? "" : "gm-none" }, input, mark,
      el("span", {}, title), el("b", {}, String(count))));
  }
}

function fillLegend(events) {
  const box = document.getElementById("gm-legend");
  const row = (mark, text) => el("li", {}, mark, el("span", {}, text));
  const part = (title, rows) => rows.length && box.append(el("h3", {}, title), el("ul", {}, ...rows));
  const kinds = new Map();
  for (const event of events.filter(isDrawn)) {
    const style = look({ ...event, status: "reported", disputed: false });
    const name = style.half ? `${fullName(event)} (not between the two states)` : className(event);
    kinds.set(name + style.path, row(symbol(style, 20), name));
  }
  const any = { path: LAYERS.diplomatic_venues[1], colour: "#56b4e9" };
  const stack = [...kinds.keys()].length ? events.filter(isDrawn).slice(0, 2) : [];
  const box2 = (kind) => el("i", { class: `gm-key ${kind}` });
  part("Colour: what happened", [...kinds.values()]);
  part("Shape: layer", Object.values(LAYERS).filter(([, path]) => path).map(([title, path]) =>
    row(symbol({ path, colour: "#fff" }, 20), title)));
  part("Outline: how sure it is", [
    row(symbol(any, 20), "reported or ongoing"),
    row(symbol({ ...any, hollow: true }, 20), "hollow: planned, proposed, threatened or conditional"),
    row(symbol({ ...any, dashed: true }, 20), "dashed: claimed by a party, denied or disputed"),
    row(symbol({ ...any, hollow: true, crossed: true }, 20), "struck out: did not happen, cancelled or postponed"),
    row(symbol({ ...any, colour: GREY }, 20), "grey: an earlier event the text looks back on (layer “History”)"),
  ]);
  part("Where", [
    row(symbol(any, 20), "symbol: this place itself"),
    ...(stack.length > 1 ? [row(stackSymbol(stack), "ring with a number: several events here, in time order")] : []),
    row(box2("gm-key-near"), "circle around it: near this place, to scale"),
    row(box2("gm-key-area"), "hatched: somewhere in this area; the point is not stated"),
    row(box2("gm-key-line"), "thick line: somewhere along it"),
  ]);
  if (window.matchMedia?.("(max-width: 760px)").matches) box.open = false;
}

function fillUnplaced(events, statements, total) {
  const box = document.getElementById("gm-unplaced");
  const item = (event) => el("li", { dir: "auto" },
    el("details", {}, el("summary", {}, symbol(look(event), 17), el("span", {}, fullName(event),
      el("small", {}, `${event.date} · ${words(event.status)} · ${unplacedReason(event)}`))),
    article(event, new Map())));
  const list = (items) => el("ul", { class: "gm-items" }, ...items.map(item));
  box.append(el("h2", {}, `Not on the map (${events.length})`));
  const none = !total ? "No event was found." : statements.length === total ? "Only statements were found."
    : statements.length ? "Every event but the statements is on the map." : "Every event is on the map.";
  box.append(events.length ? list(events) : el("p", {}, none));
  if (statements.length) {
    box.append(el("details", {}, el("summary", {}, `Statements (${statements.length})`), list(statements)));
  }
}

function fillTable(events, countries, show) {
  const heads = ["Event", "Status", "Date", "Place", "Who", "Who says so", "Sentence and source", "On the map"];
  const body = el("tbody");
  for (const event of events) {
    const button = el("button", { type: "button", "aria-label": `Show on the map: ${label(event)}` }, "Show");
    button.addEventListener("click", () => show(event));
    const [first] = event.mentions;
    const cell = (...content) => el("td", { dir: "auto" }, ...content);
    body.append(el("tr", { "data-status": event.status ?? "" },
      el("th", { scope: "row" }, symbol(look(event), 18), fullName(event)),
      cell(statusWords(event)), cell(event.date), cell(placeWords(event, countries)),
      cell((event.actors_roles ?? []).map(words).join("; ")), cell(event.attributed_to),
      cell(sentence(first), source(first)),
      cell(isDrawn(event) ? button : event.event_class === "statement" ? "never drawn" : "no")));
  }
  document.getElementById("gm-table").append(
    el("caption", {}, `${plural(events.length, "event")}, all statuses, in time order`),
    el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))), body);
}
