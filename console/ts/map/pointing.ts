// Point at places on the map instead of typing them: what is pointed at is written into the
// place's own text, line by line, and the text alone is sent. What is drawn here is read
// from that text again, so the two never differ. A press adds where it was; without a
// pointer the cross in the middle is moved by the arrows and Enter adds where it stands.
import type { Chart } from "./drawing";
import { toDegrees, toPlane } from "./facts";
import type { Shown } from "./chart";
import type { Colours } from "./colours";

const WRITTEN = /^\s*(-?\d+(?:\.\d+)?)\s*([NS])\s+(-?\d+(?:\.\d+)?)\s*([EW])\s*$/;
const DIGITS = 5;

interface Form { where: HTMLTextAreaElement; as: HTMLSelectElement; radius: HTMLInputElement; half: HTMLInputElement; form: HTMLFormElement }

export function pointing(shown: Shown): ((pen: CanvasRenderingContext2D, chart: Chart, colours: Colours) => void) | undefined {
  const form = formOf();
  if (!form) return undefined;
  const { slot, map } = shown;
  form.form.addEventListener("input", shown.renew);
  map.on("singleclick", (event) => add(form, toDegrees(event.coordinate), shown.renew));
  slot.addEventListener("keydown", (event) => {
    if (event.target !== slot || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") add(form, toDegrees(map.getView().getCenter() ?? [0, 0]), shown.renew);
    else if (event.key === "Backspace") drop(form, shown.renew);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  return (pen, chart, colours) => draw(pen, chart, colours, form, document.activeElement === slot);
}

function formOf(): Form | undefined {
  const form = document.querySelector<HTMLFormElement>("form.notice-form");
  const part = <T extends Element>(name: string): T | null => form?.querySelector<T>(`[name="${name}"]`) ?? null;
  const [where, as, radius, half] = [part<HTMLTextAreaElement>("where"), part<HTMLSelectElement>("as"), part<HTMLInputElement>("radius_m"), part<HTMLInputElement>("half_width_m")];
  return form && where && as && radius && half ? { form, where, as, radius, half } : undefined;
}

/** Where stops are asked for, the next empty one is filled; else a line of the place is. */
function add({ form, where, as }: Form, [lon, lat]: number[], renew: () => void): void {
  const text = `${Math.abs(lat ?? 0).toFixed(DIGITS)} ${(lat ?? 0) < 0 ? "S" : "N"} ${Math.abs(lon ?? 0).toFixed(DIGITS)} ${(lon ?? 0) < 0 ? "W" : "E"}`;
  const stop = [...form.querySelectorAll<HTMLInputElement>("[name^='stop.where.']")].find((one) => one.checkVisibility() && !one.value.trim());
  const field = stop ?? where;
  if (stop || (as.value === "told" && field === where)) field.value = text;
  else field.value = `${field.value.trimEnd()}\n${text}`.trim();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  renew();
}

function drop({ form, where }: Form, renew: () => void): void {
  const stop = [...form.querySelectorAll<HTMLInputElement>("[name^='stop.where.']")].reverse().find((one) => one.checkVisibility() && one.value.trim());
  if (stop) stop.value = "";
  else where.value = where.value.trimEnd().split("\n").slice(0, -1).join("\n");
  (stop ?? where).dispatchEvent(new Event("input", { bubbles: true }));
  renew();
}

function read(line: string): [number, number] | undefined {
  const found = WRITTEN.exec(line);
  if (!found) return undefined;
  const [, lat = "", north, lon = "", east] = found;
  return [Number(lon) * (east === "W" ? -1 : 1), Number(lat) * (north === "S" ? -1 : 1)];
}

/** Draw what the text says, as far as it is in figures: a point, a circle, a route, an area. */
function draw(pen: CanvasRenderingContext2D, chart: Chart, colours: Colours, { form, where, as, radius, half }: Form, isWalked: boolean): void {
  const stops = [...form.querySelectorAll<HTMLInputElement>("[name^='stop.where.']")].filter((one) => one.checkVisibility() && one.value.trim());
  const lines = stops.length ? stops.map((one) => one.value) : where.value.split("\n");
  const places = lines.map(read).filter((one) => one !== undefined);
  const pixels = places.map((at) => chart.toPixel(toPlane(at)));
  const perMetre = places[0] ? 1 / Math.cos((places[0][1] * Math.PI) / 180) / chart.resolution : 0;
  const kind = stops.length > 1 ? "route" : as.value;
  pen.save();
  pen.strokeStyle = pen.fillStyle = colours.focus;
  pen.lineJoin = pen.lineCap = "round";
  pen.beginPath();
  pixels.forEach(([x, y], at) => (at ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  if (kind === "area" && pixels.length > 2) {
    pen.closePath();
    pen.globalAlpha = 0.2;
    pen.fill();
  } else if (kind === "route" && pixels.length > 1) {
    pen.globalAlpha = 0.25;
    pen.lineWidth = Math.max(1, 2 * Number(half.value || 0) * perMetre);
    pen.stroke();
  }
  pen.globalAlpha = 1;
  pen.lineWidth = 2;
  if (kind !== "told") pen.stroke();
  for (const [x, y] of pixels) {
    pen.beginPath();
    pen.arc(x, y, 5, 0, 7);
    pen.stroke();
    if (kind === "told" && Number(radius.value) > 0) {
      pen.beginPath();
      pen.arc(x, y, Number(radius.value) * perMetre, 0, 7);
      pen.stroke();
    }
  }
  if (isWalked) {
    const [x, y] = [chart.width / 2, chart.height / 2];
    pen.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
      pen.moveTo(x + 5 * dx, y + 5 * dy);
      pen.lineTo(x + 16 * dx, y + 16 * dy);
    }
    pen.stroke();
  }
  pen.restore();
}
