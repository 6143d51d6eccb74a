// Hold what is on the map, its positions turned once to the plane maps are drawn on.
export type XY = [number, number];

export interface Fact {
  id: string;
  what: "notice" | "call" | "conflict";
  kind: string;
  label: string;
  sign: string;
  says: string;
  owner: string;
  call: string;
  to: string;
  level: string;
  status: string;
  precedence: string;
  starts_at?: string;
  ends_at?: string;
  changed_at?: string;
  is_active: boolean;
  is_open: boolean;
  is_own: boolean;
  between: string[];
  apart_m?: number;
  radius_m: number;
  half_width_m: number;
  buffer_m: number;
  /** Where its sign stands, on the plane; nothing where nobody knows. */
  at?: XY;
  /** Rings of areas, and paths, on the plane. */
  rings: XY[][];
  paths: XY[][];
  /** How much a metre on the ground is on the plane there. */
  scale: number;
}

const RADIUS_M = 6378137;
const TURN = Math.PI / 180;
const FARTHEST_DEG = 85.0511;

export function toPlane([lon, lat]: readonly number[]): XY {
  const within = Math.max(-FARTHEST_DEG, Math.min(FARTHEST_DEG, lat ?? 0));
  return [RADIUS_M * TURN * (lon ?? 0), RADIUS_M * Math.atanh(Math.sin(TURN * within))];
}

export function toDegrees([x, y]: readonly number[]): XY {
  return [(x ?? 0) / RADIUS_M / TURN, Math.asin(Math.tanh((y ?? 0) / RADIUS_M)) / TURN];
}

type Geometry = { type: string; coordinates: never } | null;
type Given = { id: string; geometry: Geometry; properties: Partial<Fact> & { at?: number[] } };

/** Read the answer of the node; what is missing in it is empty or false. */
export function read(given: { features: Given[] }): Fact[] {
  return given.features.map(({ id, geometry, properties }) => {
    const { rings, paths } = drawn(geometry);
    const at = properties.at;
    return {
      kind: "", label: id, sign: "", says: "", owner: "", call: "", to: "", level: "", status: "", precedence: "",
      is_active: false, is_open: false, is_own: false, between: [], radius_m: 0, half_width_m: 0, buffer_m: 0,
      ...properties,
      id,
      what: properties.what ?? "notice",
      rings,
      paths,
      at: at ? toPlane(at) : undefined,
      scale: at ? 1 / Math.cos(TURN * (at[1] ?? 0)) : 1,
    } as Fact;
  });
}

function drawn(geometry: Geometry): { rings: XY[][]; paths: XY[][] } {
  const plane = (line: number[][]): XY[] => line.map(toPlane);
  switch (geometry?.type) {
    case "Polygon":
      return { rings: (geometry.coordinates as number[][][]).map(plane), paths: [] };
    case "MultiPolygon":
      return { rings: (geometry.coordinates as number[][][][]).flat().map(plane), paths: [] };
    case "LineString":
      return { rings: [], paths: [plane(geometry.coordinates)] };
    default:
      return { rings: [], paths: [] };
  }
}

/** What needs somebody most stands first: conflicts, FLASH, other calls, notices. */
export function rank(fact: Fact): number {
  if (fact.what === "conflict") return 0;
  if (fact.what === "call") return isFlash(fact) ? 1 : 2;
  return fact.is_active ? 3 : 4;
}

export function isFlash(fact: Fact): boolean {
  return fact.what === "call" && fact.precedence === "FLASH";
}

/** What is never drawn as a mere count. */
export function standsAlone(fact: Fact): boolean {
  return fact.what === "conflict" || isFlash(fact);
}

export function extent(facts: Fact[]): [number, number, number, number] | undefined {
  const all = facts.flatMap((fact) => [...(fact.at ? [fact.at] : []), ...fact.rings.flat(), ...fact.paths.flat()]);
  if (!all.length) return undefined;
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of all) {
    west = Math.min(west, x);
    south = Math.min(south, y);
    east = Math.max(east, x);
    north = Math.max(north, y);
  }
  return [west, south, east, north];
}
