/* The events as columns, the filters over them, and the counts that follow. */

const POINT = 1, LINE = 2, AREA = 3;
const PAST = "past_reference";

function makeModel(data) {
  const { count, columns } = data;
  const texts = (name) => { const { values, rows } = columns[name]; return (i) => values[rows[i]] ?? null; };
  const get = Object.fromEntries(
    ["event_class", "subclass", "layer", "status", "country", "admin1", "place", "date", "outline"]
      .map((name) => [name, texts(name)]));
  const { header, warnings, kinds, legend, axis, outside } = data;
  const { values, rows } = columns.status, past = values.indexOf(PAST);
  const model = { count, columns, get, header, warnings, kinds, legend, axis, outside, statuses: [...values, null] };
  for (const name of ["precision", "drawn", "kind", "status", "past"]) model[name] = new Uint16Array(count);
  for (const name of ["start", "end", "x", "y"]) model[name] = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const precision = columns.precision[i];
    model.precision[i] = precision > 0 && precision <= 7 ? precision : 0;
    model.drawn[i] = columns.drawn[i];
    model.kind[i] = columns.kind[i];
    model.status[i] = rows[i] < 0 ? values.length : rows[i];
    model.past[i] = past >= 0 && rows[i] === past ? 1 : 0;
    model.start[i] = columns.start[i] ?? NaN;
    model.end[i] = columns.end[i] ?? NaN;
    if (model.drawn[i] === POINT) [model.x[i], model.y[i]] = toWorld(columns.lng[i], columns.lat[i]);
  }
  addDetails(model, data.chunk);
  return model;
}

/* What popups tell and the search reads: chunks of rows, read one after the other. */
function addDetails(model, size) {
  const chunks = [], waiting = [];
  const total = Math.ceil(Math.max(model.count, 1) / size);
  model.whenChunk = (number) => (waiting[number] ??= whole.then(() => read(`details-${number}`)).then((chunk) => (chunks[number] = withMentions(chunk))));
  model.whenAll = async () => { for (let number = 0; number < total; number++) await model.whenChunk(number); };
  model.whenDetail = (i) => model.whenChunk(Math.floor(i / size));
  model.detail = (i) => {
    const chunk = chunks[Math.floor(i / size)];
    return chunk && Object.fromEntries(Object.entries(chunk).map(([name, column]) => [name, column[i % size]]));
  };
  model.id = (i) => {
    const chunk = chunks[Math.floor(i / size)];
    return chunk ? String((chunk.cluster_id ?? chunk.event_id ?? [])[i % size] ?? i) : null;
  };
  const hay = [];
  model.hay = (i) => (hay[i] ??= haystack(model, i));
}

/* Mentions come as columns; here they are lists again: sentence, trigger, place, status, date, title, ... */
function withMentions(chunk) {
  const columns = Object.values(chunk.mention);
  let next = 0;
  chunk.mentions = chunk.mentions.map((count) => Array.from({ length: count }, () => {
    const mention = columns.map((column) => column[next]);
    next++;
    return mention;
  }));
  delete chunk.mention;
  return chunk;
}

function rolesOf(detail) {
  if (detail.actors_roles) return detail.actors_roles.map((text) => { const [role, ...name] = text.split(": "); return name.length ? [role, name.join(": ")] : ["", role]; });
  return ["actors", "targets"].filter((name) => detail[name]).map((name) => [name, detail[name]]);
}

function haystack(model, i) {
  const { get } = model, detail = model.detail(i);
  if (!detail) return "";
  const said = detail.mentions.flatMap((mention) => [mention[0], mention[7], mention[8]]);
  const who = rolesOf(detail).map(([, name]) => name);
  return plain([fullName(model, i), get.place(i), get.admin1(i), get.country(i), detail.place_text, detail.attributed_to, ...who, ...said]
    .filter(Boolean).join("\n"));
}

/* ---- Filters */

const FACETS = ["kind", "status", "precision"];

function makeFilter(model) {
  const sizes = { kind: model.kinds.length, status: model.statuses.length, precision: 8 };
  const filter = { range: null, undated: true, query: "", match: null, on: {}, counts: {} };
  for (const name of FACETS) {
    filter.on[name] = new Uint8Array(sizes[name]).fill(1);
    filter.counts[name] = new Uint32Array(sizes[name]);
  }
  const past = model.statuses.indexOf(PAST);
  if (past >= 0) filter.on.status[past] = 0;
  filter.usual = Object.fromEntries(FACETS.map((name) => [name, filter.on[name].slice()]));
  filter.all = new Uint32Array(model.count);
  filter.visible = filter.all;
  filter.timeless = new Uint8Array(model.count);
  return filter;
}

/* Sets `filter.visible` and the counts. A facet counts what all the others let through; `timeless`
   marks what all but the days let through. */
function applyFilter(model, filter) {
  const { kind, status, precision, start, end, past, count } = model;
  const { on, counts, match, range, undated, timeless } = filter;
  for (const name of FACETS) counts[name].fill(0);
  const all = filter.all;
  const [from, to] = range ?? [-Infinity, Infinity];
  let shown = 0, undatedCount = 0;
  for (let i = 0; i < count; i++) {
    timeless[i] = 0;
    if (match && !match[i]) continue;
    const k = on.kind[kind[i]], s = on.status[status[i]], p = on.precision[precision[i]];
    const dated = !Number.isNaN(start[i]);
    const d = past[i] ? 1 : dated ? +(end[i] >= from && start[i] <= to) : +undated;
    const passed = k + s + p;
    if (passed === 3) {
      timeless[i] = 1;
      if (!dated && !past[i]) undatedCount++;
    }
    if (!d) continue;
    if (passed === 3) all[shown++] = i;
    if (passed - k === 2) counts.kind[kind[i]]++;
    if (passed - s === 2) counts.status[status[i]]++;
    if (passed - p === 2) counts.precision[precision[i]]++;
  }
  filter.visible = all.subarray(0, shown);
  filter.undatedCount = undatedCount;
}

async function setQuery(model, filter, query) {
  filter.query = query;
  const terms = plain(query).split(/\s+/).filter(Boolean);
  if (!terms.length) { filter.match = null; return; }
  await model.whenAll();
  if (filter.query !== query) return;
  filter.match = Uint8Array.from({ length: model.count }, (_, i) => {
    const text = model.hay(i);
    return +terms.every((term) => text.includes(term));
  });
}
