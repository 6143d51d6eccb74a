// Draw latitude and longitude, always: where no base map is, they are all there is. Steps
// are those a reader can count in: degrees, then minutes, then seconds.
import { toDegrees, toPlane } from "./facts";
import type { Colours } from "./colours";
import type { Chart } from "./drawing";

const STEPS_DEG = [30, 20, 10, 5, 2, 1, 30 / 60, 20 / 60, 10 / 60, 5 / 60, 2 / 60, 1 / 60, 30 / 3600, 10 / 3600, 5 / 3600, 1 / 3600];
const APART_PX = 110;

export function drawGrid(pen: CanvasRenderingContext2D, chart: Chart, colours: Colours): void {
  const [west, south] = toDegrees(chart.fromPixel(0, chart.height));
  const [east, north] = toDegrees(chart.fromPixel(chart.width, 0));
  const across = (east - west) / (chart.width / APART_PX);
  const step = [...STEPS_DEG].reverse().find((one) => one >= across) ?? 30;
  pen.save();
  pen.strokeStyle = colours.grid;
  pen.lineWidth = 1;
  pen.font = "12px 'Plex Mono', monospace";
  pen.fillStyle = colours.gridText;
  pen.beginPath();
  const words: [string, number, number, CanvasTextAlign][] = [];
  for (let at = Math.ceil(west / step) * step; at <= east; at += step) {
    const [x] = chart.toPixel(toPlane([at, 0]));
    line(pen, Math.round(x) + 0.5, 0, Math.round(x) + 0.5, chart.height);
    if (x > 60 && x < chart.width - 130) words.push([angle(at, "E", "W", step), x, chart.height - 30, "center"]);
  }
  for (let at = Math.ceil(Math.max(south, -85) / step) * step; at <= Math.min(north, 85); at += step) {
    const [, y] = chart.toPixel(toPlane([0, at]));
    line(pen, 0, Math.round(y) + 0.5, chart.width, Math.round(y) + 0.5);
    if (y > 120 && y < chart.height - 50) words.push([angle(at, "N", "S", step), chart.width - 6, y - 4, "right"]);
  }
  pen.stroke();
  pen.lineWidth = 3;
  pen.strokeStyle = colours.halo;
  for (const [text, x, y, align] of words) {
    pen.textAlign = align;
    pen.strokeText(text, x, y);
    pen.fillText(text, x, y);
  }
  pen.restore();
}

function line(pen: CanvasRenderingContext2D, x: number, y: number, toX: number, toY: number): void {
  pen.moveTo(x, y);
  pen.lineTo(toX, toY);
}

function angle(degrees: number, over: string, under: string, step: number): string {
  const seconds = Math.round(Math.abs(degrees) * 3600);
  const side = seconds === 0 ? "" : degrees > 0 ? over : under;
  const whole = `${Math.floor(seconds / 3600)}°`;
  const minutes = `${String(Math.floor((seconds % 3600) / 60)).padStart(2, "0")}′`;
  const rest = `${String(seconds % 60).padStart(2, "0")}″`;
  return `${whole}${step < 1 ? minutes : ""}${step < 1 / 60 ? rest : ""}${side}`;
}
