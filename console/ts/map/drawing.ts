// Draw facts on a canvas: areas, paths, margins, signs, labels. Signs are never left out.
// Far out, signs that would lie on each other are one count; a conflict and a FLASH never.
import { hatch } from "./colours";
import type { Colours } from "./colours";
import { rank, standsAlone } from "./facts";
import type { Fact, XY } from "./facts";
import { place } from "./labels";
import type { Box, Placed, Wanted } from "./labels";

export interface Chart {
  width: number;
  height: number;
  resolution: number;
  zoom: number;
  toPixel(at: XY): XY;
  fromPixel(x: number, y: number): XY;
}

/** What stands at one place of the screen: one fact, or several as a count. */
export interface Sign {
  facts: Fact[];
  x: number;
  y: number;
}

const NEAR_PX = 26;
const APART_ZOOM = 11;
const SIGN_PX = 9;
const FONT = "600 13px 'Noto Sans', Vazirmatn, system-ui, sans-serif";
const FRESH_H = 1;
const OLD_H = 3;
const MOST_LABELS = 160;

export class Drawing {
  facts: Fact[] = [];
  chosen = "";
  nowMs = Date.now();
  signs: Sign[] = [];
  private placed = new Map<string, Placed>();
  private placedFor = "";

  set(facts: Fact[]): void {
    this.facts = [...facts].sort((one, other) => rank(one) - rank(other) || one.label.localeCompare(other.label));
    this.placedFor = "";
  }

  draw(pen: CanvasRenderingContext2D, chart: Chart, colours: Colours): void {
    pen.save();
    pen.direction = "ltr";
    const seen = this.facts.filter((fact) => isNear(fact, chart));
    for (const fact of [...seen].reverse()) this.shape(pen, chart, colours, fact);
    this.signs = gathered(seen, chart);
    for (const sign of [...this.signs].reverse()) this.sign(pen, colours, sign);
    this.labels(pen, chart, colours);
    pen.restore();
  }

  // --- shapes ---------------------------------------------------------------------------

  private shape(pen: CanvasRenderingContext2D, chart: Chart, colours: Colours, fact: Fact): void {
    const colour = colourOf(fact, colours);
    const pixels = (metres: number): number => (metres * fact.scale) / chart.resolution;
    pen.save();
    pen.globalAlpha = fade(fact, this.nowMs);
    pen.lineWidth = fact.id === this.chosen ? 3 : 1.8;
    pen.strokeStyle = colour;
    if (!fact.is_active) pen.setLineDash([7, 5]);
    if (fact.rings.length) {
      trace(pen, chart, fact.rings, true);
      pen.fillStyle = hatch(pen, colour, fact.level === "coarse" ? "dots" : fact.kind === "activity" ? "right" : "left");
      pen.globalAlpha *= 0.55;
      pen.fill("evenodd");
      pen.globalAlpha = fade(fact, this.nowMs);
      pen.stroke();
    }
    for (const path of fact.paths) {
      trace(pen, chart, [path], false);
      pen.lineCap = pen.lineJoin = "round";
      pen.globalAlpha *= 0.28;
      pen.lineWidth = Math.max(7, 2 * pixels(fact.half_width_m));
      const dashes = pen.getLineDash();
      pen.setLineDash([]);
      pen.stroke();
      pen.globalAlpha = fade(fact, this.nowMs);
      pen.lineWidth = 2;
      pen.setLineDash(fact.is_active ? [12, 5] : dashes);
      pen.stroke();
    }
    if (fact.at && fact.radius_m && !fact.paths.length) this.round(pen, chart, colours, fact, pixels);
    pen.restore();
  }

  private round(pen: CanvasRenderingContext2D, chart: Chart, colours: Colours, fact: Fact, pixels: (m: number) => number): void {
    const [x, y] = chart.toPixel(fact.at as XY);
    if (fact.what === "conflict") {
      pen.strokeStyle = colours.conflict;
      pen.lineWidth = 4;
      pen.setLineDash([]);
      circle(pen, x, y, Math.max(18, Math.min(pixels(fact.radius_m), 48)));
      pen.stroke();
      return;
    }
    const reach = pixels(fact.radius_m);
    if (reach < SIGN_PX) return;
    circle(pen, x, y, reach);
    pen.globalAlpha *= 0.14;
    pen.fillStyle = pen.strokeStyle;
    pen.fill();
    pen.globalAlpha = fade(fact, this.nowMs);
    pen.stroke();
    if (!fact.buffer_m) return;
    circle(pen, x, y, reach + pixels(fact.buffer_m));
    pen.setLineDash([2, 4]);
    pen.lineWidth = 1;
    pen.stroke();
  }

  // --- signs ----------------------------------------------------------------------------

  private sign(pen: CanvasRenderingContext2D, colours: Colours, { facts, x, y }: Sign): void {
    const [fact] = facts;
    if (!fact) return;
    pen.save();
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    if (facts.length > 1) {
      circle(pen, x, y, 13);
      pen.fillStyle = colours.card;
      pen.fill();
      pen.lineWidth = 2;
      pen.strokeStyle = colours.ink;
      pen.stroke();
      pen.fillStyle = colours.ink;
      pen.font = "600 13px 'Plex Mono', monospace";
      pen.fillText(String(facts.length), x, y + 0.5);
    } else {
      pen.globalAlpha = fade(fact, this.nowMs);
      if (fact.what !== "conflict") one(pen, colours, fact, x, y); // its ring and tag are its sign
    }
    if (facts.some((each) => each.id === this.chosen)) {
      pen.globalAlpha = 1;
      pen.setLineDash([]);
      pen.lineWidth = 3;
      pen.strokeStyle = colours.focus;
      circle(pen, x, y, 18);
      pen.stroke();
    }
    pen.restore();
  }

  // --- labels ---------------------------------------------------------------------------

  private labels(pen: CanvasRenderingContext2D, chart: Chart, colours: Colours): void {
    pen.font = FONT;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    const alone = this.signs.filter((sign) => sign.facts.length === 1).slice(0, MOST_LABELS);
    this.arrange(pen, chart, alone);
    for (const { facts, x, y } of [...alone].reverse()) {
      const fact = facts[0] as Fact;
      const at = this.placed.get(fact.id);
      if (!at) continue;
      const text = wording(fact, this.nowMs);
      const w = pen.measureText(text).width + 12;
      const left = x + at.dx;
      const top = y + at.dy;
      const isLoud = standsAlone(fact);
      if (at.isFar || fact.what === "conflict") {
        pen.strokeStyle = isLoud ? colours.conflict : colourOf(fact, colours);
        pen.lineWidth = 1.5;
        pen.beginPath();
        pen.moveTo(x, y);
        pen.lineTo(Math.max(left, Math.min(x, left + w)), Math.max(top, Math.min(y, top + 22)));
        pen.stroke();
      }
      pen.fillStyle = isLoud ? colours.flash : colours.card;
      pen.fillRect(left, top, w, 22);
      if (fact.id === this.chosen) {
        pen.strokeStyle = colours.focus;
        pen.lineWidth = 2;
        pen.strokeRect(left, top, w, 22);
      }
      pen.fillStyle = isLoud ? colours.onFlash : colours.ink;
      pen.fillText(text, left + 6, top + 11.5);
    }
  }

  /** Place labels anew only when what stands or the scale changed: panning moves them along. */
  private arrange(pen: CanvasRenderingContext2D, chart: Chart, alone: Sign[]): void {
    const key = `${chart.resolution} ${alone.map((sign) => (sign.facts[0] as Fact).id).join()}`;
    if (key === this.placedFor) return;
    this.placedFor = key;
    const wanted: Wanted[] = alone.map(({ facts, x, y }) => {
      const fact = facts[0] as Fact;
      return { key: fact.id, x, y, w: pen.measureText(wording(fact, this.nowMs)).width + 12, h: 22, gap: fact.what === "conflict" ? 24 : 13 };
    });
    const signs: Box[] = this.signs.filter((sign) => sign.facts[0]?.what !== "conflict").map(({ x, y }) => ({ x: x - 10, y: y - 10, w: 20, h: 20 }));
    this.placed = place(wanted, signs);
  }
}

// --- the signs themselves ---------------------------------------------------------------

function one(pen: CanvasRenderingContext2D, colours: Colours, fact: Fact, x: number, y: number): void {
  const colour = colourOf(fact, colours);
  pen.lineWidth = 2;
  pen.strokeStyle = fact.what === "call" ? "#ffffff" : colours.halo;
  pen.fillStyle = colour;
  if (!fact.is_active) {
    pen.setLineDash([3, 2]);
    pen.fillStyle = colours.card;
    pen.strokeStyle = colour;
  }
  pen.beginPath();
  if (fact.what === "call") pen.rect(x - 11, y - 11, 22, 22);
  else if (fact.kind === "movement") {
    pen.moveTo(x, y - 11);
    pen.lineTo(x + 10, y + 8);
    pen.lineTo(x - 10, y + 8);
  } else if (fact.kind === "site") pen.rect(x - SIGN_PX, y - SIGN_PX, 18, 18);
  else {
    pen.moveTo(x, y - 10);
    pen.lineTo(x + 10, y);
    pen.lineTo(x, y + 10);
    pen.lineTo(x - 10, y);
  }
  pen.closePath();
  pen.fill();
  pen.stroke();
  const letter = glyph(fact);
  if (!letter) return;
  pen.fillStyle = fact.is_active ? (fact.what === "call" && fact.precedence !== "FLASH" ? colours.halo : "#ffffff") : colour;
  pen.font = `700 ${fact.what === "call" ? 14 : 12}px 'Plex Mono', monospace`;
  pen.fillText(letter, x, y + 1);
}

const LETTERS: Record<string, string> = { FLASH: "Z", IMMEDIATE: "O", PRIORITY: "P", ROUTINE: "R" };

function glyph(fact: Fact): string {
  if (fact.what === "call") return LETTERS[fact.precedence] ?? "R";
  return fact.sign;
}

export function colourOf(fact: Fact, colours: Colours): string {
  if (fact.what === "conflict") return colours.conflict;
  if (fact.what === "call") {
    const known: Record<string, string> = { FLASH: colours.flash, IMMEDIATE: colours.late, PRIORITY: colours.priority };
    return known[fact.precedence] ?? colours.routine;
  }
  const known: Record<string, string> = { site: colours.site, movement: colours.movement, activity: colours.activity, position: colours.position };
  return known[fact.kind] ?? colours.area;
}

/** Positions of what moves fade in three steps, and their label says since when. */
function fade(fact: Fact, nowMs: number): number {
  const hours = ageHours(fact, nowMs);
  return hours > OLD_H ? 0.45 : hours > FRESH_H ? 0.7 : 1;
}

function ageHours(fact: Fact, nowMs: number): number {
  const moves = fact.what === "notice" && (fact.kind === "movement" || fact.kind === "position") && fact.is_active;
  return moves && fact.changed_at ? (nowMs - Date.parse(fact.changed_at)) / 3_600_000 : 0;
}

export function wording(fact: Fact, nowMs: number): string {
  if (fact.what === "conflict") return `⚠ ${fact.label}`;
  const isOld = ageHours(fact, nowMs) > OLD_H;
  return isOld && fact.changed_at ? `${fact.label} ${fact.changed_at.slice(11, 16)}Z?` : fact.label;
}

// --- where things lie -------------------------------------------------------------------

/** Gather signs that would lie on each other while the view is far out. */
function gathered(facts: Fact[], chart: Chart): Sign[] {
  const signs: Sign[] = [];
  const near = new Map<string, Sign[]>();
  for (const fact of facts) {
    if (!fact.at) continue;
    const [x, y] = chart.toPixel(fact.at);
    const sign = { facts: [fact], x, y };
    if (chart.zoom < APART_ZOOM && !standsAlone(fact)) {
      const [column, row] = [Math.floor(x / NEAR_PX), Math.floor(y / NEAR_PX)];
      const others = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].flatMap((dy) => near.get(`${column + dx},${row + dy}`) ?? []));
      const there = others.find((other) => Math.hypot(other.x - x, other.y - y) < NEAR_PX);
      if (there) {
        there.facts.push(fact);
        continue;
      }
      const key = `${column},${row}`;
      near.set(key, [...(near.get(key) ?? []), sign]);
    }
    signs.push(sign);
  }
  return signs;
}

function isNear(fact: Fact, chart: Chart): boolean {
  const margin = 200 + (fact.radius_m * fact.scale) / chart.resolution;
  if (!fact.rings.length && !fact.paths.length) {
    if (!fact.at) return false;
    const [x, y] = chart.toPixel(fact.at);
    return x > -margin && y > -margin && x < chart.width + margin && y < chart.height + margin;
  }
  return true;
}

function trace(pen: CanvasRenderingContext2D, chart: Chart, lines: XY[][], isClosed: boolean): void {
  pen.beginPath();
  for (const points of lines) {
    points.forEach((at, index) => {
      const [x, y] = chart.toPixel(at);
      if (index) pen.lineTo(x, y);
      else pen.moveTo(x, y);
    });
    if (isClosed) pen.closePath();
  }
}

function circle(pen: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
}
