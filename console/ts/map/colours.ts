// The colours of the map, one set a theme. Red and amber mean danger and lateness and are
// used for nothing else; parties are told apart by name, never by colour.
export interface Colours {
  sea: string; land: string; coast: string; river: string; border: string; region: string; place: string; halo: string;
  grid: string; gridText: string; ink: string; card: string; focus: string;
  site: string; movement: string; activity: string; area: string; position: string;
  flash: string; late: string; priority: string; routine: string; conflict: string; onFlash: string;
  replay: string;
}

const DARK: Colours = {
  sea: "#0a131b", land: "#17242f", coast: "#3c5162", river: "#2d4a60", border: "#7b8f9f", region: "#2c3f4e",
  place: "#9fb1c0", halo: "#0e1a24", grid: "#31475766", gridText: "#8ba0b1", ink: "#e8eef3", card: "#0e1a24e6", focus: "#ffe45c",
  site: "#35a08f", movement: "#b684e0", activity: "#d6a64f", area: "#8fa3b3", position: "#b684e0",
  flash: "#d7263d", late: "#ffb020", priority: "#4fc3f7", routine: "#a9bac8", conflict: "#ff4d63", onFlash: "#ffffff", replay: "#a86bdc",
};

const LIGHT: Colours = {
  sea: "#d3dfe6", land: "#f3f1ea", coast: "#8b9aa5", river: "#7ba3c4", border: "#6b7580", region: "#cfccc2",
  place: "#3c4a55", halo: "#f7f6f2", grid: "#8a9aa555", gridText: "#54626d", ink: "#10202c", card: "#fffffff0", focus: "#7a00cc",
  site: "#146b5d", movement: "#6b3aa0", activity: "#8a5a0a", area: "#50606c", position: "#6b3aa0",
  flash: "#b3122a", late: "#7a4b00", priority: "#005b8a", routine: "#42525f", conflict: "#c00f2c", onFlash: "#ffffff", replay: "#5a2a94",
};

export function colours(): Colours {
  return document.documentElement.dataset["theme"] === "light" ? LIGHT : DARK;
}

const hatches = new Map<string, CanvasPattern>();

/** Make a hatch of one colour; how it leans tells one kind of area from another. */
export function hatch(context: CanvasRenderingContext2D, colour: string, leans: "right" | "left" | "dots"): CanvasPattern | string {
  const key = `${colour} ${leans}`;
  const known = hatches.get(key);
  if (known) return known;
  const tile = document.createElement("canvas");
  tile.width = tile.height = 9;
  const pen = tile.getContext("2d");
  if (!pen) return colour;
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = 1.6;
  pen.globalAlpha = 0.75;
  pen.beginPath();
  if (leans === "dots") pen.arc(4.5, 4.5, 1.2, 0, 7);
  else for (const shift of [-9, 0, 9]) {
    pen.moveTo(shift, leans === "right" ? 9 : 0);
    pen.lineTo(shift + 9, leans === "right" ? 0 : 9);
  }
  if (leans === "dots") pen.fill();
  else pen.stroke();
  const made = context.createPattern(tile, "repeat") ?? colour;
  if (typeof made !== "string") hatches.set(key, made);
  return made;
}
