/* Names of places, counts of areas and lines, names of the base map: none may cover another, or a mark. */

const widths = new Map();
function widthOf(text, font) {
  const key = `${font} ${text}`;
  if (!widths.has(key)) {
    widthOf.pen ??= document.createElement("canvas").getContext("2d");
    widthOf.pen.font = font;
    widths.set(key, widthOf.pen.measureText(text).width);
  }
  return widths.get(key);
}

/* The stretches of an outline that the window shows, cut at its edges, best first. */
const inView = (stretches, view) => widestFirst(stretches.filter(({ y }) => y > view.north && y < view.south)
  .map(({ y, from, to }) => ({ y, from: Math.max(from, view.west), to: Math.min(to, view.east) })).filter(({ from, to }) => to > from));

function layoutNames({ map, base, marks }) {
  const zoom = map.getZoom(), size = map.getSize(), scale = 2 ** zoom, origin = map.getPixelOrigin();
  const { x: left, y: top } = map.containerPointToLayerPoint([0, 0]), right = left + size.x;
  const view = { west: (left + origin.x) / scale, east: (right + origin.x) / scale, north: (top + origin.y) / scale, south: (top + size.y + origin.y) / scale };
  const taken = [], nodes = [];
  const at = ({ y, from, to }) => ({ x: ((from + to) / 2) * scale - origin.x, y: y * scale - origin.y });
  const inside = ([x1, y1, x2, y2]) => x1 > left && x2 < right && y1 > top && y2 < top + size.y;
  const free = (box) => inside(box) && taken.every((other) => box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3]);
  const take = (box) => free(box) && taken.push(box);
  const write = (x, y, text, kind, fontSize) => {
    const node = el("span", { class: `gm-name ${kind}`, dir: "auto" }, text);
    node.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
    if (fontSize) node.style.fontSize = `${fontSize.toFixed(1)}px`;
    nodes.push(node);
  };

  const frame = map.getContainer().getBoundingClientRect();
  for (const control of map.getContainer().querySelectorAll(".leaflet-control")) {
    const box = control.getBoundingClientRect(), x = left + box.left - frame.left, y = top + box.top - frame.top;
    taken.push([x, y, x + box.width, y + box.height]);
  }
  const points = marks.points();
  for (const { x, y, half } of points) taken.push([x - half, y - half, x + half, y + half]);

  const pills = marks.pills();
  for (const { outline, half: [w, h], put } of pills) {
    const shown = meets(outline.box, view) ? inView(outline.stretches, view) : [];
    const within = shown.map(at).map(({ x, y }) => ({ x: left + 2 * w < right ? clamp(x, left + w, right - w) : x, y }));
    /* Beside the shape where it is too crowded inside; a bare number would be read as the neighbour's. */
    const beside = pills.length > FEW ? [] : shown.flatMap(({ y, from, to }) => [from * scale - origin.x - w - 5, to * scale - origin.x + w + 5]
      .filter((x) => x - w > left && x + w < right).map((x) => ({ x, y: y * scale - origin.y })));
    const spot = [...within, ...beside].find(({ x, y }) => take([x - w, y - h, x + w, y + h]));
    put(spot ? map.layerPointToLatLng(spot) : null);
  }

  for (const { x, y, half, name } of points) {
    if (!name) continue;
    const wide = widthOf(name, "600 12.5px system-ui, sans-serif") + 6, gap = half + 2;
    const spots = [[gap, -8], [-gap - wide, -8], [-wide / 2, gap], [-wide / 2, -gap - 16]];
    const spot = spots.find(([dx, dy]) => take([x + dx, y + dy, x + dx + wide, y + dy + 16]));
    if (spot) write(x + spot[0], y + spot[1], name, "gm-name-place");
  }

  const areaNames = (items, kind, [low, high, spread], upper) => {
    for (const { box, name, stretches } of items.filter(({ box }) => meets(box, view) && (box.east - box.west) * scale > 34)) {
      const seen = inView(stretches, view).map((stretch) => [stretch, (stretch.to - stretch.from) * scale]);
      const text = upper ? name.toLocaleUpperCase(words.lang) : name;
      const fontSize = clamp((seen[0]?.[1] ?? 0) / (text.length * spread), low, high);
      const wide = widthOf(text, `${fontSize.toFixed(0)}px Georgia, serif`) + (upper ? text.length * fontSize * 0.15 : 4);
      const spot = seen.filter(([, room]) => room >= wide).map(([stretch]) => at(stretch))
        .find(({ x, y }) => take([x - wide / 2, y - fontSize * 0.62, x + wide / 2, y + fontSize * 0.62]));
      if (spot) write(spot.x - wide / 2, spot.y - fontSize * 0.62, text, kind, fontSize);
    }
  };
  areaNames(base.countries(), "gm-name-country", [10, 17, 0.95], true);
  if (zoom >= 5.5 && size.x > 300) areaNames(base.divisions(), "gm-name-division", [10.5, 12.5, 0.7], false);
  map.getPane("gm-names").replaceChildren(...nodes);
}
