/* The card of an event with its proof: in popups, in the table and in the list without places. */

function placeWords(ctx, i, detail) {
  const { model } = ctx, { get, columns } = model;
  const name = get.place(i) ?? get.country(i) ?? t("no_place");
  const precision = model.precision[i];
  if (!precision) return detail?.place_text ? t("not_found", { place: detail.place_text }) : t("no_place");
  const country = ctx.base.areaName(get.country(i));
  const within = [get.admin1(i), country].filter((part) => part && part !== name).join(", ");
  const place = within && precision !== 6 ? `${name} (${within})` : name;
  const km = columns.radius_km[i] && Math.round(columns.radius_km[i]);
  const outline = get.outline(i);
  if (precision === 3 && model.drawn[i] === AREA && detail?.place_id !== outline) {
    return t("in_district_shaded", { place, area: ctx.base.areaName(outline) });
  }
  const along = model.drawn[i] === LINE ? "along" : "in_region";
  return t(["", "at", km ? "near_radius" : "near", "in_district", "in_province", along, "in_country", "at_sea"][precision], { place, km });
}

const level = (value) => t(value >= 0.8 ? "high" : value >= 0.5 ? "medium" : "low");

function confidenceWords(detail) {
  const parts = ["class", "place", "date"].filter((name) => typeof detail.confidence_parts?.[name] === "number")
    .map((name) => t(`conf_${name}`, { level: level(detail.confidence_parts[name]) }));
  if (!parts.length && typeof detail.confidence === "number") parts.push(t("conf_all", { level: level(detail.confidence) }));
  return parts;
}

/* A mention is [sentence, trigger start, end, place start, end, status, date text, title, source, ...]. */
function sentence([text, t0, t1, p0, p1]) {
  const cuts = [...new Set([0, t0, t1, p0, p1, text.length])].filter((cut) => cut != null).sort((a, b) => a - b);
  return el("blockquote", { dir: "auto" }, cuts.slice(0, -1).map((from, index) => {
    const part = text.slice(from, cuts[index + 1]);
    const trigger = t0 != null && t0 <= from && from < t1, place = p0 != null && p0 <= from && from < p1;
    if (!trigger && !place) return part;
    return el("mark", { class: [trigger && "gm-trigger", place && "gm-place"].filter(Boolean).join(" "),
      title: [trigger && t("the_event"), place && t("the_place")].filter(Boolean).join(", ") }, part);
  }));
}

function source([, , , , , , , title, outlet, url, published, document]) {
  const day = /^\d{4}-\d\d-\d\d$/.test(published ?? "") ? dayWords(dayNumber(published)) : published;
  return el("p", { class: "gm-source" }, inRow([link(url, brief(title || document || outlet || t("reported_by"))),
    outlet && outlet !== title && brief(outlet), day && t("published", { date: day })]));
}

function facts(ctx, i, detail) {
  const { get, columns } = ctx.model;
  const list = el("dl");
  const fact = (key, ...values) => {
    const shown = values.flat().filter(Boolean);
    if (shown.length) list.append(el("div", {}, el("dt", {}, t(key)), shown.map((value) => el("dd", { dir: "auto" }, value))));
  };
  const dateText = detail.date_text ?? detail.mentions.find((mention) => mention[6])?.[6];
  fact("status", statusWords(ctx.model, i) + (detail.claimed_by ? `; ${t("claimed_by", { name: detail.claimed_by })}` : ""),
    columns.aggregate[i] && t("aggregate"));
  fact("when", get.date(i) + (dateText ? ` (${t("in_text", { text: dateText })})` : ""));
  fact("where", placeWords(ctx, i, detail));
  fact("who", rolesOf(detail).map(([role, name]) => (role ? `${own(words.roles, role) ?? spaced(role)}: ${name}` : name)));
  fact("numbers", detail.numbers_text ?? countsOf(detail));
  fact("says", detail.attributed_to || t("says_article"));
  fact("why", detail.why);
  fact("others", [detail.alternatives_text].flat());
  fact("confidence", confidenceWords(detail));
  fact("reasons", [detail.reasons].flat());
  const review = own(words.reviews, detail.review_status) ?? detail.review_status;
  fact("review", [review, detail.reviewer, detail.note].filter(Boolean).join(" · "));
  return list;
}

function countsOf(detail) {
  return ["killed", "wounded"].filter((kind) => detail[`${kind}_min`] != null).map((kind) => {
    const [low, high] = [detail[`${kind}_min`], detail[`${kind}_max`]];
    return `${low === high || high == null ? low : `${low}–${high}`} ${kind}`;
  }).join("; ");
}

function card(ctx, i, { title = true, show = false } = {}) {
  const node = el("article", { class: "gm-event" });
  const { model } = ctx;
  if (title) node.append(el("h3", {}, marked(model, i, 22), el("span", {}, fullName(model, i))));
  const finish = () => {
    const detail = model.detail(i);
    const [first, ...others] = detail.mentions;
    node.append(sentence(first), source(first), facts(ctx, i, detail));
    if (others.length) {
      node.append(el("details", { class: "gm-mentions" }, el("summary", {}, t("more_mentions", { n: others.length })),
        others.map((mention) => [el("p", { class: "gm-said" }, statusLabel(mention[5])), sentence(mention), source(mention)])));
    }
    const buttons = el("p", { class: "gm-buttons" }, el("a", { href: `#e=${encodeURIComponent(model.id(i))}`, "data-event": i }, t("link")));
    if (show && model.drawn[i]) buttons.prepend(el("button", { type: "button", onclick: () => ctx.show(i) }, t("show")));
    node.append(buttons);
  };
  if (model.detail(i)) finish();
  else {
    node.append(el("p", { class: "gm-wait" }, "…"));
    model.whenDetail(i).then(() => { node.querySelector(".gm-wait").remove(); finish(); node.dispatchEvent(new Event("filled")); });
  }
  return node;
}

/* A summary that opens to a card, made when it is first opened. */
function fold(ctx, i, { where = false, reason = null, open = false } = {}) {
  const { get } = ctx.model;
  const line = inRow([get.date(i), where && placeOf(ctx.model, i), statusWords(ctx.model, i), reason]);
  const node = el("details", { class: "gm-item" }, el("summary", {}, marked(ctx.model, i, 20),
    el("span", { dir: "auto" }, fullName(ctx.model, i), el("small", {}, line))));
  const once = () => { if (node.open && !node.querySelector("article")) node.append(card(ctx, i, { title: false })); };
  node.addEventListener("toggle", once);
  node.open = open;
  once();
  return node;
}

/* Many nodes, a page of them at a time. */
function paged(holder, items, make, size = 50) {
  let done = 0;
  const button = el("button", { type: "button", class: "gm-more", onclick: () => next(true) });
  const more = holder.tagName === "TBODY" ? el("tr", {}, el("td", { colspan: 9 }, button)) : button;
  function next(focus) {
    const nodes = Array.from(items.slice(done, done + size), make);
    more.remove();
    holder.append(...nodes);
    done += nodes.length;
    if (done < items.length) {
      button.textContent = t("more", { n: Math.min(size, items.length - done) });
      holder.append(more);
    }
    if (focus) nodes[0]?.querySelector("button, summary")?.focus();
  }
  next(false);
}

function popupContent(ctx, members, focus) {
  if (members.length === 1) return el("div", { class: "gm-popup", dir: words.dir }, card(ctx, members[0]));
  const places = new Set(members.slice(0, 500).map((i) => placeOf(ctx.model, i)));
  const node = el("div", { class: "gm-popup", dir: words.dir },
    el("p", { class: "gm-list-title" }, t("group_here", { events: t("events", { n: members.length }) })));
  const list = el("div");
  const open = focus ?? (members.length <= 3 ? members[0] : null);
  paged(list, members, (i) => fold(ctx, i, { where: places.size > 1, open: i === open }), Math.max(50, members.indexOf(focus) + 10));
  node.append(list);
  return node;
}
