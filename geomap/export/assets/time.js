/* The histogram of days with its brush, and the tray of events without a date. */

const BIN_DAYS = [1, 2, 7, 14, 28, 91, 182, 365, 730, 1826, 3652, 18262, 36525];
const BARS = 44, LANES = 4, LANE = 4, AXIS = 15;

const dayOf = ([year, month, day]) => new Date(0).setUTCFullYear(year, month, day) / 864e5;

function makeTime(ctx) {
  const { model, filter } = ctx;
  const range = el("output", { class: "gm-range" });
  const reset = el("button", { type: "button", onclick: () => set(null) }, t("time_all"));
  const undated = el("button", { type: "button", "aria-pressed": "true", onclick: () => {
    filter.undated = !filter.undated;
    ctx.refresh();
  } });
  const head = el("div", { class: "gm-time-head" }, el("h2", {}, t("time")), range, reset, undated);
  const node = el("section", { class: "gm-time", "aria-label": t("time") }, head);
  const time = { node, draw() {}, update() { tray(); } };
  function tray() {
    undated.textContent = t("undated", { n: filter.undatedCount });
    undated.setAttribute("aria-pressed", String(filter.undated));
  }
  if (!model.axis) {
    range.textContent = t("no_dates");
    reset.hidden = true;
    return time;
  }

  const [first, last] = model.axis, span = last - first + 1;
  const picture = svg("svg", { "aria-hidden": "true" });
  /* Sliders for the keyboard and for screen readers; what lies over them is what the mouse drags. */
  const slider = (name, moved) => {
    const input = el("input", { type: "range", min: first, max: last, "aria-label": t(`time_${name}`),
      oninput: () => { set(moved(Number(input.value), ...(filter.range ?? [first, last]))); time.update(); } });
    return { input, node: el("div", { class: `gm-handle gm-handle-${name}` }, input) };
  };
  const sliders = {
    move: slider("move", (day, from, to) => [day, day + to - from]),
    from: slider("from", (day, _, to) => [Math.min(day, to), to]),
    to: slider("to", (day, from) => [from, Math.max(day, from)]),
  };
  const brush = el("div", { class: "gm-brush" }, Object.values(sliders).map(({ node }) => node));
  const field = el("div", { class: "gm-days", dir: "ltr", title: t("time_help"), onpointerdown: grab, onkeydown: ({ key }) => key === "Escape" && set(null) }, picture, brush);
  const note = el("p", { class: "gm-note" }, t("bars"), model.outside ? ` ${t("outside", { n: model.outside })}` : "");
  node.append(field, note);
  let width = 0, step = 1, bins = 1, totals;

  const dayX = (day) => ((day - first) / span) * width;
  const dayAt = (event) => {
    const box = field.getBoundingClientRect();
    return clamp(Math.floor(first + ((event.clientX - box.left) / box.width) * span), first, last);
  };

  /* ---- What the bars show */

  const isBar = (i) => {
    const precision = model.columns.date_precision[i];
    return precision === 1 || precision === 9 || (precision == null && model.start[i] === model.end[i]);
  };

  function countBars(wanted) {
    const counts = new Uint32Array(bins), strips = new Map();
    for (let i = 0; i < model.count; i++) {
      if (!wanted(i) || Number.isNaN(model.start[i]) || model.past[i]) continue;
      const from = model.start[i], to = model.end[i];
      if (to < first || from > last) continue;
      if (isBar(i)) counts[Math.floor((Math.max(from, first) - first) / step)]++;
      else {
        const name = from * 1e6 + (to - from);
        strips.set(name, (strips.get(name) ?? 0) + 1);
      }
    }
    return { counts, strips };
  }

  const bars = (counts, top) => [...counts].map((count, bin) => {
    if (!count) return "";
    const x = dayX(first + bin * step), w = Math.max(1, Math.min(18, dayX(first + step) - (bins > 150 ? 0 : 1)));
    const h = Math.max(2, (count / top) * (BARS - 4));
    return `M${x.toFixed(1)} ${(BARS - h).toFixed(1)}h${w.toFixed(1)}v${h.toFixed(1)}h-${w.toFixed(1)}Z`;
  }).join("");

  function stripPaths(strips) {
    const ends = new Array(LANES).fill(-Infinity);
    const top = Math.max(1, ...strips.values());
    return [...strips].sort((a, b) => b[1] - a[1]).slice(0, 300)
      .map(([name, count]) => [Math.floor(name / 1e6), name % 1e6, count]).sort((a, b) => a[0] - b[0] || a[1] - b[1])
      .map(([from, length, count]) => {
        const left = clamp(dayX(from), 0, width), right = clamp(dayX(from + length + 1), 0, width);
        let lane = ends.findIndex((end) => end <= left + 0.1);
        if (lane < 0) lane = ends.indexOf(Math.min(...ends));
        ends[lane] = Math.max(ends[lane], right);
        return svg("rect", { class: "gm-strip", x: left, y: BARS + 3 + lane * LANE, height: LANE - 1,
          width: Math.max(2, right - left - 1), opacity: (0.35 + 0.65 * Math.sqrt(count / top)).toFixed(2) });
      });
  }

  function ticks() {
    const format = new Intl.DateTimeFormat(locale, { timeZone: "UTC",
      ...(span > 1500 ? { year: "numeric" } : span > 150 ? { month: "short", year: "numeric" } : { day: "numeric", month: "short" }) });
    const days = [], start = new Date(first * 864e5);
    const [years, months, some] = [start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()];
    for (let n = 0, day = first; day <= last; n++) {
      if (day >= first) days.push(day);
      day = dayOf(span > 1500 ? [years + n + 1, 0, 1] : span > 60 ? [years, months + n + 1, 1] : [years, months, some + n + 1]);
    }
    const each = Math.ceil(days.length / Math.max(1, Math.floor(width / 78)));
    return days.filter((_, index) => index % each === 0).map((day) => {
      const x = dayX(day), text = format.format(day * 864e5);
      const anchor = x > width - 34 ? "end" : x < 20 ? "start" : "middle";
      return svg("g", { class: "gm-tick" }, svg("path", { d: `M${x} ${BARS + 1}v3` }),
        svg("text", { x: clamp(x, 1, width - 1), y: BARS + LANES * LANE + AXIS, "text-anchor": anchor }, text));
    });
  }

  time.draw = () => {
    if (!field.clientWidth) return;
    if (field.clientWidth !== width) {
      width = field.clientWidth;
      step = BIN_DAYS.find((days) => span / days <= Math.max(12, width / 4)) ?? span;
      bins = Math.ceil(span / step);
      totals = countBars(() => true).counts;
    }
    const { counts, strips } = countBars((i) => filter.timeless[i]);
    const top = Math.max(1, ...totals);
    picture.setAttribute("viewBox", `0 0 ${width} ${BARS + LANES * LANE + AXIS + 4}`);
    picture.replaceChildren(svg("path", { class: "gm-bars-all", d: bars(totals, top) }),
      svg("path", { class: "gm-bars", d: bars(counts, top) }),
      svg("path", { class: "gm-axis", d: `M0 ${BARS}H${width}` }), ...stripPaths(strips), ...ticks());
  };

  time.update = () => {
    const [from, to] = filter.range ?? [first, last];
    range.textContent = from === to ? dayWords(from) : `${dayWords(from)} – ${dayWords(to)}`;
    brush.style.left = `${((from - first) / span) * 100}%`;
    brush.style.width = `${((to - from + 1) / span) * 100}%`;
    brush.classList.toggle("gm-brush-all", !filter.range);
    reset.disabled = !filter.range;
    sliders.move.input.max = last - (to - from);
    for (const [name, { input }] of Object.entries(sliders)) {
      input.value = name === "to" ? to : from;
      input.setAttribute("aria-valuetext", name === "move" ? range.textContent : dayWords(name === "to" ? to : from));
    }
    tray();
  };

  /* ---- The brush */

  function set(wanted) {
    let next = wanted;
    if (next && next[0] <= first && next[1] >= last) next = null;
    if (String(next) === String(filter.range)) return;
    filter.range = next;
    ctx.refresh("time");
  }

  function grab(event) {
    if (event.button) return;
    event.preventDefault();
    const day = dayAt(event), [from, to] = filter.range ?? [first, last];
    const part = event.target.closest(".gm-handle-from, .gm-handle-to");
    const moving = !part && filter.range && event.target.closest(".gm-handle-move");
    const fixed = part ? (part === sliders.from.node ? to : from) : day;
    field.setPointerCapture(event.pointerId);
    let wanted = null, frame = 0;
    const move = (next) => {
      const now = dayAt(next);
      if (moving) {
        const start = clamp(from + now - day, first, last - (to - from));
        wanted = [start, start + to - from];
      } else wanted = [Math.min(fixed, now), Math.max(fixed, now)];
      frame ||= requestAnimationFrame(() => { frame = 0; set(wanted); });
    };
    const drop = () => {
      field.removeEventListener("pointermove", move);
      if (frame) cancelAnimationFrame(frame);
      if (wanted) set(wanted);
      else if (!part && !moving) {
        const bin = first + Math.floor((day - first) / step) * step;
        set([bin, Math.min(last, bin + step - 1)]);
      }
    };
    field.addEventListener("pointermove", move);
    field.addEventListener("pointerup", drop, { once: true });
    field.addEventListener("pointercancel", drop, { once: true });
  }
  time.set = set;
  return time;
}
