// Draw what lies under: the base map's tiles, what people laid over it, and names of places.
// Without a base map there is the grid alone. Only names of the base make room for others.
import ImageLayer from "ol/layer/Image";
import TileLayer from "ol/layer/Tile";
import VectorLayer from "ol/layer/Vector";
import VectorTileLayer from "ol/layer/VectorTile";
import type Layer from "ol/layer/Layer";
import GeoJSON from "ol/format/GeoJSON";
import MVT from "ol/format/MVT";
import Static from "ol/source/ImageStatic";
import Vector from "ol/source/Vector";
import VectorTile from "ol/source/VectorTile";
import XYZ from "ol/source/XYZ";
import { Circle, Fill, Stroke, Style, Text } from "ol/style";
import type { FeatureLike } from "ol/Feature";
import { colours } from "./colours";
import { toPlane } from "./facts";
import type { Chart } from "./drawing";

export interface Brought {
  name: string; title: string; form: "tiles" | "shapes" | "picture"; media: string; source: string; attribution: string;
  as_of: string; age_days: number; bounds: [number, number, number, number]; least_zoom: number; most_zoom: number; url: string;
}
export interface Maps {
  basemap: { tiles: string; least_zoom: number; most_zoom: number; attribution: string } | null;
  layers: Brought[];
  disclaimer: string;
}

const COUNTRIES_UNTIL = 6.5;

export function baseLayer(maps: Maps, language: string): Layer | undefined {
  if (!maps.basemap) return undefined;
  return new VectorTileLayer({
    declutter: true,
    background: () => colours().sea,
    renderBuffer: 64,
    source: new VectorTile({ format: new MVT(), url: maps.basemap.tiles, maxZoom: maps.basemap.most_zoom }),
    style: styling(language),
  } as ConstructorParameters<typeof VectorTileLayer>[0]);
}

function styling(language: string): (feature: FeatureLike, resolution: number) => Style | undefined {
  let theme = "";
  let known: Record<string, Style> = {};
  return (feature, resolution) => {
    const now = document.documentElement.dataset["theme"] ?? "";
    if (now !== theme || !known["land"]) [theme, known] = [now, styles()];
    switch (feature.get("layer")) {
      case "borders":
        return known[feature.get("disputed") ? "disputed" : "borders"];
      case "countries":
        return named(feature, resolution, language);
      default:
        return known[feature.get("layer") as string];
    }
  };
}

function styles(): Record<string, Style> {
  const c = colours();
  const line = (color: string, width: number, lineDash?: number[]): Style => new Style({ stroke: new Stroke({ color, width, ...(lineDash ? { lineDash } : {}) }) });
  return {
    land: new Style({ fill: new Fill({ color: c.land }), stroke: new Stroke({ color: c.coast, width: 0.8 }), zIndex: 0 }),
    lakes: new Style({ fill: new Fill({ color: c.sea }), stroke: new Stroke({ color: c.river, width: 0.8 }), zIndex: 1 }),
    rivers: line(c.river, 1.2),
    regions: line(c.region, 0.8),
    borders: line(c.border, 1.4),
    disputed: line(c.border, 1.4, [6, 4]),
  };
}

function named(feature: FeatureLike, resolution: number, language: string): Style | undefined {
  const zoom = Math.log2(156543.03 / resolution);
  if (zoom > COUNTRIES_UNTIL) return undefined;
  const c = colours();
  const text = String(feature.get(`name_${language}`) ?? feature.get("name_en") ?? "");
  return new Style({
    zIndex: -Number(feature.get("rank") ?? 9),
    text: new Text({
      text,
      font: `${feature.get("disputed") ? "italic " : ""}600 14px 'Noto Sans', Vazirmatn, sans-serif`,
      fill: new Fill({ color: c.place }),
      stroke: new Stroke({ color: c.halo, width: 3 }),
    }),
  });
}

/** Make a layer of what somebody laid over the base map. */
export function broughtLayer(one: Brought): Layer {
  const extent = [...toPlane(one.bounds.slice(0, 2)), ...toPlane(one.bounds.slice(2))];
  if (one.form === "picture") return new ImageLayer({ source: new Static({ url: one.url, imageExtent: extent, projection: "EPSG:3857" }) });
  if (one.form === "shapes") {
    return new VectorLayer({ source: new Vector({ url: one.url, format: new GeoJSON() }), style: () => shapes() });
  }
  if (one.media.includes("vector")) {
    return new VectorTileLayer({ declutter: true, source: new VectorTile({ format: new MVT(), url: one.url, maxZoom: one.most_zoom, minZoom: one.least_zoom }), style: () => shapes() });
  }
  return new TileLayer({ source: new XYZ({ url: one.url, maxZoom: one.most_zoom, minZoom: one.least_zoom }) });
}

function shapes(): Style {
  const c = colours();
  return new Style({
    fill: new Fill({ color: `${c.area}22` }),
    stroke: new Stroke({ color: c.area, width: 1 }),
    image: new Circle({ radius: 3, fill: new Fill({ color: c.area }) }),
  });
}

// --- names of places --------------------------------------------------------------------

interface Place { name: string; lon: number; lat: number; people: number }

export class Places {
  private places: Place[] = [];
  private asked = "";
  isReady = true;

  /** Ask for the largest places of a view, unless they were asked for last. */
  async look(chart: Chart, language: string): Promise<boolean> {
    const ends = [chart.fromPixel(0, chart.height), chart.fromPixel(chart.width, 0)].flatMap(([x, y]) => degrees(x, y));
    const bbox = ends.map((one) => one.toFixed(2)).join();
    if (bbox === this.asked) return false;
    this.asked = bbox;
    // With the node dead the names stay as they were; the link says that it is.
    const answer = await fetch(`/places?bbox=${bbox}&language=${language}`).catch(() => undefined);
    if (!answer?.ok) return false;
    const said = (await answer.json()) as { places: Place[]; is_ready: boolean };
    if (this.asked !== bbox) return false;
    this.places = said.places;
    this.isReady = said.is_ready;
    return true;
  }

  draw(pen: CanvasRenderingContext2D, chart: Chart): void {
    if (chart.zoom < 4.5) return;
    const c = colours();
    pen.save();
    pen.font = "13px 'Noto Sans', Vazirmatn, sans-serif";
    pen.textBaseline = "middle";
    pen.textAlign = "center";
    pen.lineWidth = 3;
    pen.strokeStyle = c.halo;
    pen.fillStyle = c.place;
    const taken: [number, number, number][] = [];
    for (const { name, lon, lat } of this.places) {
      const [x, y] = chart.toPixel(toPlane([lon, lat]));
      if (x < -40 || y < -20 || x > chart.width + 40 || y > chart.height - 40) continue;
      const half = pen.measureText(name).width / 2 + 8;
      if (taken.some(([ox, oy, oh]) => Math.abs(ox - x) < oh + half && Math.abs(oy - y) < 24)) continue;
      taken.push([x, y, half]);
      pen.beginPath();
      pen.arc(x, y, 2.2, 0, 7);
      pen.fill();
      pen.strokeText(name, x, y - 11);
      pen.fillText(name, x, y - 11);
    }
    pen.restore();
  }
}

function degrees(x: number, y: number): [number, number] {
  const lat = (Math.asin(Math.tanh(y / 6378137)) * 180) / Math.PI;
  return [Math.max(-180, Math.min(180, ((x / 6378137) * 180) / Math.PI)), lat];
}
