// Keep clocks and counts true: all count from the node's own instants and its clock.
import { renew, whenShown } from "./pages";

let offsetMs = 0;
let hasOffset = false;

export function setOffset(ms: number): void {
  offsetMs = ms;
  hasOffset = true;
}

/** Node time now, milliseconds since 1970. */
export function nodeNow(): number {
  return Date.now() + offsetMs;
}

export function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 19)}Z`;
}

export function startAges(): void {
  const asOf = Date.parse(document.body.dataset["asOf"] ?? "");
  if (!hasOffset && asOf) offsetMs = asOf - Date.now();
  setInterval(tick, 1_000);
  whenShown(tick);
  whenShown(poll);
  poll();
}

// Work that is under way here (a verification) is looked at again until it is done.
let polling: ReturnType<typeof setTimeout> | undefined;
function poll(): void {
  clearTimeout(polling);
  const busy = document.querySelector<HTMLElement>("[data-renew]");
  if (busy) polling = setTimeout(() => void renew(), Number(busy.dataset["renew"]));
}

export function span(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const two = (value: number): string => String(value).padStart(2, "0");
  if (days) return `${days}d${two(hours % 24)}h`;
  return hours ? `${hours}h${two(minutes % 60)}` : `${two(minutes)}:${two(seconds % 60)}`;
}

function tick(): void {
  const now = nodeNow();
  const clock = document.getElementById("clock");
  if (clock) clock.textContent = utc(now);
  const local = document.getElementById("local");
  if (local) local.textContent = new Date(now).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
  document.querySelectorAll<SVGElement>("[data-axis]").forEach((axis) => {
    const [from = 0, to = 0] = (axis.dataset["axis"] ?? "").split(" ").map(Date.parse);
    const share = `${Math.min(100, (100 * (now - from)) / (to - from)).toFixed(2)}%`;
    const line = axis.querySelector("line");
    if (to > from) for (const end of ["x1", "x2"]) line?.setAttribute(end, share);
  });
  document.querySelectorAll<HTMLTimeElement>("time[data-until], time[data-since]").forEach((one) => {
    const at = Date.parse(one.dateTime);
    const isUntil = one.hasAttribute("data-until");
    const left = Math.round((isUntil ? at - now : now - at) / 1000);
    const isOver = isUntil && left < 0;
    one.toggleAttribute("data-over", isOver);
    const text = `${isOver ? "+" : ""}${span(Math.abs(isUntil ? left : Math.max(left, 0)))}`;
    if (one.textContent !== text) one.textContent = text;
  });
}
