// Walk the map without a pointer: arrows pan, + and - zoom, Tab goes from one thing to the
// next and says it, Enter opens it, Escape lets go. Pressing on something chooses it.
import { spoken } from "./card";
import type { Words } from "./card";
import type { Parts, Shown } from "./chart";
import { rank } from "./facts";
import type { Fact } from "./facts";

const STEP_PX = 110;
const REACH_PX = 22;

export function walk(shown: Shown, parts: Parts, words: Words): void {
  const { slot, map } = shown;
  slot.tabIndex = 0;
  slot.setAttribute("role", "application");
  slot.setAttribute("aria-label", words["keys"] ?? "Map");
  slot.addEventListener("keydown", (event) => onKey(event, shown, parts));
  slot.addEventListener("clearline-zoom", (event) => zoom(shown, (event as CustomEvent<number>).detail));
  map.on("click", (event) => shown.choose(under(shown, event.pixel as [number, number])));
}

function onKey(event: KeyboardEvent, shown: Shown, parts: Parts): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target !== shown.slot && event.key !== "Escape") return;
  const moves: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const move = moves[event.key];
  if (move) pan(shown, move);
  else if (event.key === "+" || event.key === "=") zoom(shown, 1);
  else if (event.key === "-") zoom(shown, -1);
  else if (event.key === "Tab") {
    if (!step(shown, parts, event.shiftKey ? -1 : 1)) return;
  } else if (event.key === "Enter") {
    if (!open(shown, parts)) return;
  } else if (event.key === "Escape" && shown.slot.dataset["chosen"]) {
    shown.choose([]);
    shown.slot.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function pan({ map, chart }: Shown, [dx, dy]: [number, number]): void {
  const view = map.getView();
  const [x = 0, y = 0] = view.getCenter() ?? [];
  const by = STEP_PX * (chart()?.resolution ?? 1);
  view.setCenter([x + dx * by, y - dy * by]);
}

function zoom({ map }: Shown, by: number): void {
  map.getView().setZoom((map.getView().getZoom() ?? 2) + by);
}

/** Go to the next thing in view; past the last, the page has the focus again. */
function step(shown: Shown, parts: Parts, by: number): boolean {
  const facts = visible(shown);
  const at = facts.findIndex((fact) => fact.id === shown.drawing.chosen);
  const next = facts[at < 0 ? (by > 0 ? 0 : facts.length - 1) : at + by];
  if (!next) {
    shown.choose([]);
    return false;
  }
  shown.choose([next]);
  parts.said.textContent = spoken(next, shown.drawing.nowMs);
  return true;
}

function visible(shown: Shown): Fact[] {
  const chart = shown.chart();
  if (!chart) return [];
  return shown.drawing.signs
    .filter(({ x, y }) => x >= 0 && y >= 0 && x <= chart.width && y <= chart.height)
    .flatMap(({ facts }) => facts)
    .sort((one, other) => rank(one) - rank(other));
}

function open(shown: Shown, parts: Parts): boolean {
  const fact = shown.drawing.facts.find((one) => one.id === shown.drawing.chosen);
  if (!fact) return false;
  const link = parts.card.querySelector<HTMLAnchorElement>("a");
  if (link) link.click();
  return true;
}

/** Say what lies under a point: the nearest sign, all that it counts. */
function under(shown: Shown, [x, y]: [number, number]): Fact[] {
  let best: { far: number; facts: Fact[] } = { far: REACH_PX, facts: [] };
  for (const sign of shown.drawing.signs) {
    const far = Math.hypot(sign.x - x, sign.y - y);
    if (far < best.far) best = { far, facts: sign.facts };
  }
  return best.facts;
}
