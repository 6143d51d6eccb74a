// Put the map together in its place on the page, and keep it true: asked anew whenever the
// page is, drawn anew when the theme changes. The place keeps left to right in any language.
import OlMap from "ol/Map";
import View from "ol/View";
import Layer from "ol/layer/Layer";
import ScaleLine from "ol/control/ScaleLine";
import DragPan from "ol/interaction/DragPan";
import MouseWheelZoom from "ol/interaction/MouseWheelZoom";
import PinchZoom from "ol/interaction/PinchZoom";
import DoubleClickZoom from "ol/interaction/DoubleClickZoom";
import type { FrameState } from "ol/Map";
import { baseLayer, broughtLayer, Places } from "./base";
import type { Maps } from "./base";
import { card } from "./card";
import type { Words } from "./card";
import { colours } from "./colours";
import { Drawing } from "./drawing";
import type { Chart } from "./drawing";
import { extent, read } from "./facts";
import type { Fact, XY } from "./facts";
import { drawGrid } from "./grid";
import { pointing } from "./pointing";
import { walk } from "./walking";

const KEPT = "clearline-map";
const RENEW_MS = 30_000;
const SETTLES_MS = 10_000;
const WORLD = 20037508;

export interface Shown {
  slot: HTMLElement;
  map: OlMap;
  drawing: Drawing;
  chart: () => Chart | undefined;
  choose: (facts: Fact[]) => void;
  renew: () => void;
}

/** Start the map in its place; what else draws facts on it is given them by `show`. */
export function start(slot: HTMLElement): Shown {
  slot.dataset["started"] = "yes";
  slot.hidden = false;
  slot.closest<HTMLElement>("[data-with-map]")?.removeAttribute("hidden");
  // The table under it is what there is without a script; beside a map it is opened.
  const table = slot.parentElement?.querySelector<HTMLDetailsElement>("details.facts");
  if (table) table.open = false;
  const words = JSON.parse(slot.dataset["words"] ?? "{}") as Words;
  const language = document.documentElement.lang.slice(0, 2);
  const drawing = new Drawing();
  const places = new Places();
  const parts = furnish(slot, words);
  let chart: Chart | undefined;
  const map = new OlMap({
    target: parts.pane,
    pixelRatio: Math.min(2, devicePixelRatio),
    controls: [new ScaleLine({ className: "scale" })],
    interactions: [new DragPan(), new MouseWheelZoom(), new PinchZoom(), new DoubleClickZoom()],
    view: new View({ center: [0, 2_500_000], zoom: 2, minZoom: 1, maxZoom: 19, enableRotation: false, multiWorld: false, extent: [-WORLD, -WORLD, WORLD, WORLD], showFullExtent: true, smoothExtentConstraint: false }),
  });
  const over = canvasLayer((pen, next) => {
    chart = next;
    drawGrid(pen, next, colours());
    places.draw(pen, next);
    drawing.draw(pen, next, colours());
    point?.(pen, next, colours());
    slot.dataset["frames"] = String(Number(slot.dataset["frames"] ?? 0) + 1);
    slot.dataset["signs"] = String(drawing.signs.length);
    slot.dataset["drawn"] = String(drawing.signs.reduce((sum, sign) => sum + sign.facts.length, 0));
  });
  map.addLayer(over);
  const shown: Shown = { slot, map, drawing, chart: () => chart, choose, renew: () => over.changed() };

  function choose(facts: Fact[]): void {
    drawing.chosen = facts.length === 1 ? (facts[0] as Fact).id : "";
    slot.dataset["chosen"] = drawing.chosen;
    card(parts.card, facts, words, (fact) => choose([fact]));
    over.changed();
  }

  const point = slot.dataset["source"] === "point" ? pointing(shown) : undefined;
  walk(shown, parts, words);
  map.on("moveend", () => {
    const view = map.getView();
    localStorage.setItem(KEPT, JSON.stringify([view.getCenter(), view.getZoom()]));
    if (chart) void places.look(chart, language).then((isNew) => isNew && over.changed());
  });
  new MutationObserver(() => map.getAllLayers().forEach((layer) => layer.changed())).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  void lay(map, parts, words, language);
  if (slot.dataset["source"] === "replay") {
    let isFirst = true;
    const tell = (said: { features: never[]; as_of: string }): void => {
      drawing.nowMs = Date.parse(said.as_of);
      drawing.set(read(said));
      stamp(parts.chip, words["replay"] ?? "REPLAY", said.as_of);
      if (isFirst && drawing.facts.length) {
        look(map, drawing.facts);
        isFirst = false;
      }
      over.changed();
    };
    slot.addEventListener("clearline-facts", (event) => tell((event as CustomEvent).detail));
    if (slot.dataset["facts"]) tell(JSON.parse(slot.dataset["facts"]));
  } else {
    let isFirst = true;
    let again = 0;
    // Until somebody moves the map it goes to what there is; where there was nothing yet,
    // to what comes, for as long as one file or one exercise takes to be told.
    let settledBy = Infinity;
    const touch = (): void => void (settledBy = 0);
    for (const name of ["pointerdown", "wheel", "keydown"]) slot.addEventListener(name, touch, { passive: true });
    const settle = (): void => {
      const is = drawing.facts.length > 0;
      if (isFirst || (is && Date.now() < settledBy)) look(map, drawing.facts);
      if (is && settledBy === Infinity) settledBy = isFirst ? 0 : Date.now() + SETTLES_MS;
      isFirst = false;
    };
    const ask = (): void =>
      void fetch("/api/v1/map").then(async (answer) => {
        if (!answer.ok) return;
        const said = await answer.json();
        drawing.nowMs = Date.parse(said.as_of);
        drawing.set(read(said));
        stamp(parts.chip, words["live"] ?? "LIVE", said.as_of);
        settle();
        over.changed();
        // What could not be looked at yet, because a node has just started, may be by now.
        if (said.not_checked?.length && again < 5) setTimeout(ask, 2_000 * (again += 1));
      }, () => undefined);
    // Windows open and close, and what moves grows old, without an event.
    setInterval(() => slot.isConnected && !document.hidden && ask(), RENEW_MS);
    document.addEventListener("clearline-shown", () => slot.isConnected && ask());
    ask();
  }
  return shown;
}

/** Say what the map stands for, and when; the time stays left to right in any language. */
function stamp(chip: HTMLElement, word: string, at: string): void {
  const said = document.createElement("bdi");
  said.textContent = word;
  const when = document.createElement("bdi");
  when.dir = "ltr";
  when.textContent = `${at.slice(11, 16)}Z`;
  chip.replaceChildren(said, " ", when);
}

export interface Parts { pane: HTMLElement; card: HTMLElement; chip: HTMLElement; foot: HTMLElement; said: HTMLElement }

function furnish(slot: HTMLElement, words: Words): Parts {
  const part = (name: string, of = "div"): HTMLElement => {
    const made = slot.appendChild(document.createElement(of));
    made.className = name;
    return made;
  };
  const pane = part("pane");
  const chip = part("as-of", "p");
  const zoom = part("zoom");
  for (const [sign, by] of [["+", 1], ["−", -1]] as const) {
    const button = zoom.appendChild(document.createElement("button"));
    button.type = "button";
    button.textContent = sign;
    button.setAttribute("aria-label", (by > 0 ? words["closer"] : words["farther"]) ?? sign);
    button.addEventListener("click", () => slot.dispatchEvent(new CustomEvent("clearline-zoom", { detail: by })));
  }
  const shown = part("map-card");
  shown.hidden = true;
  const foot = part("foot", "p");
  const said = part("sr", "p");
  said.setAttribute("role", "status");
  return { pane, card: shown, chip, foot, said };
}

/** Lay the base map and what was laid over it under the facts, and say whose they are. */
async function lay(map: OlMap, parts: Parts, words: Words, language: string): Promise<void> {
  const answer = await fetch("/api/v1/maps").catch(() => undefined);
  if (!answer?.ok) return;
  const maps = (await answer.json()) as Maps;
  const under = [baseLayer(maps, language), ...maps.layers.map(broughtLayer)].filter((one) => one !== undefined);
  under.forEach((layer, at) => map.getLayers().insertAt(at, layer));
  const said = maps.basemap ? [maps.basemap.attribution.replace(maps.disclaimer, "").trim()] : [words["grid"] ?? "No base map"];
  said.push("GeoNames CC BY 4.0.");
  for (const one of maps.layers) said.push(`${one.title}: ${one.source}, ${one.as_of} (${one.age_days} ${words["days"] ?? "d"}).`);
  said.push(words["disclaimer"] ?? maps.disclaimer);
  // Each sentence by itself: an English source stands within an Arabic page.
  parts.foot.dir = document.documentElement.dir;
  parts.foot.replaceChildren(...said.flatMap((one) => [Object.assign(document.createElement("bdi"), { textContent: one }), " "]));
}

function look(map: OlMap, facts: Fact[]): void {
  const kept = localStorage.getItem(KEPT);
  const view = map.getView();
  const all = extent(facts);
  if (all) view.fit(all, { padding: [60, 70, 60, 40], maxZoom: 11 });
  else if (kept) {
    const [centre, zoom] = JSON.parse(kept) as [XY, number];
    view.setCenter(centre);
    view.setZoom(zoom);
  }
}

type Draw = (pen: CanvasRenderingContext2D, chart: Chart) => void;

/** Make a layer that draws on a canvas of its own, over all others. */
function canvasLayer(draw: Draw): Layer {
  const canvas = document.createElement("canvas");
  canvas.className = "over";
  const layer = new Layer({
    render: (frame: FrameState): HTMLElement => {
      const [width = 0, height = 0] = frame.size;
      const ratio = frame.pixelRatio;
      if (canvas.width !== width * ratio || canvas.height !== height * ratio) {
        canvas.width = width * ratio;
        canvas.height = height * ratio;
      }
      const pen = canvas.getContext("2d");
      if (pen) {
        pen.setTransform(ratio, 0, 0, ratio, 0, 0);
        pen.clearRect(0, 0, width, height);
        draw(pen, charted(frame, width, height));
      }
      return canvas;
    },
  });
  layer.setZIndex(9);
  return layer;
}

function charted(frame: FrameState, width: number, height: number): Chart {
  const { center, resolution, zoom } = frame.viewState;
  const [cx = 0, cy = 0] = center;
  return {
    width,
    height,
    resolution,
    zoom,
    toPixel: ([x, y]) => [(x - cx) / resolution + width / 2, (cy - y) / resolution + height / 2],
    fromPixel: (x, y) => [cx + (x - width / 2) * resolution, cy - (y - height / 2) * resolution],
  };
}
