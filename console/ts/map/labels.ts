// Put each label where it hides no other, and draw a line to its sign where it had to go
// farther away. No label is left out: where no place is free it takes the least bad one.
export interface Box { x: number; y: number; w: number; h: number }
export interface Wanted { key: string; x: number; y: number; w: number; h: number; gap: number }
export interface Placed { dx: number; dy: number; isFar: boolean }

const CELL = 64;
const TURNS = [0, Math.PI, Math.PI / 2, -Math.PI / 2, Math.PI / 4, -Math.PI / 4, (3 * Math.PI) / 4, (-3 * Math.PI) / 4];
const RINGS = [0, 26, 52, 84];

class Taken {
  private readonly cells = new Map<string, Box[]>();

  add(box: Box): void {
    for (const cell of this.over(box)) {
      const there = this.cells.get(cell);
      if (there) there.push(box);
      else this.cells.set(cell, [box]);
    }
  }

  /** How much of a box is taken already, square pixels. */
  hidden(box: Box): number {
    let sum = 0;
    const seen = new Set<Box>();
    for (const cell of this.over(box))
      for (const other of this.cells.get(cell) ?? []) {
        if (seen.has(other)) continue;
        seen.add(other);
        const w = Math.min(box.x + box.w, other.x + other.w) - Math.max(box.x, other.x);
        const h = Math.min(box.y + box.h, other.y + other.h) - Math.max(box.y, other.y);
        if (w > 0 && h > 0) sum += w * h;
      }
    return sum;
  }

  private *over(box: Box): Generator<string> {
    for (let x = Math.floor(box.x / CELL); x <= Math.floor((box.x + box.w) / CELL); x += 1)
      for (let y = Math.floor(box.y / CELL); y <= Math.floor((box.y + box.h) / CELL); y += 1) yield `${x},${y}`;
  }
}

/** Place labels, those that matter most first. `signs` are not to be covered. */
export function place(wanted: Wanted[], signs: Box[]): Map<string, Placed> {
  const taken = new Taken();
  for (const sign of signs) taken.add(sign);
  const placed = new Map<string, Placed>();
  for (const one of wanted) {
    let best: { hidden: number; box: Box; ring: number } | undefined;
    search: for (const ring of RINGS)
      for (const turn of TURNS) {
        const box = beside(one, turn, ring);
        const hidden = taken.hidden(box) + ring * 0.4;
        if (!best || hidden < best.hidden) best = { hidden, box, ring };
        if (hidden <= ring * 0.4) break search;
      }
    if (!best) continue;
    taken.add(best.box);
    placed.set(one.key, { dx: best.box.x - one.x, dy: best.box.y - one.y, isFar: best.ring > 0 });
  }
  return placed;
}

function beside(one: Wanted, turn: number, ring: number): Box {
  const cos = Math.cos(turn);
  const sin = Math.sin(turn);
  const reach = one.gap + ring;
  const x = one.x + cos * (reach + (Math.abs(cos) > 0.3 ? one.w / 2 : 0)) - one.w / 2;
  const y = one.y + sin * (reach + one.h / 2) - one.h / 2;
  return { x, y, w: one.w, h: one.h };
}
