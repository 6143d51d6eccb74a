// Follow the node and never lie about it: LIVE, LATE, LOST, and what happened meanwhile.
//
// A beat comes each second. Each event names the one before it; a gap means something was
// missed and the page is fetched anew. Only missing beats are LATE or LOST: a clock that is
// off is a chip of its own.
import { say, shout } from "./saying";
import { nodeNow, setOffset, span, utc } from "./ages";
import { renew, whenShown } from "./pages";
import { linkLost, ringing } from "./alarm";
import { follow, takeOver, type Told } from "./stream";

const LATE_S = 3;
const LOST_S = 8;
const CLOCK_S = 2;

type State = "live" | "late" | "lost";
let state: State = "live";
let isStarted = false;
let last = -1;
let hasHeard = false;
let beatAt = Date.now();
let hasBeat = false;
let missed = 0;
let apartS = 0;
let since = "";
let lostFrom = 0;

export function startLink(): void {
  whenShown(() => (isStarted ? connect() : begin()));
  begin();
}

function begin(): void {
  if (!document.body.dataset["feed"]) return;
  isStarted = true;
  const asOf = Date.parse(document.body.dataset["asOf"] ?? "");
  since = document.body.dataset["asOf"] ?? "";
  // A page kept by the service worker is old before it is shown.
  if (asOf && Math.abs(Date.now() - asOf) < 3_600_000) beatAt = Math.min(Date.now(), Math.max(asOf, Date.now() - 60_000));
  if (Date.now() - beatAt < LOST_S * 1000) beatAt = Date.now();
  connect();
  setInterval(look, 250);
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", look);
  addEventListener("online", look);
  whenShown(look);
  look();
}

function scale(): number {
  return document.body.hasAttribute("data-low") ? 5 : 1;
}

function connect(): void {
  const { feed, whose } = document.body.dataset;
  if (feed) follow(`${whose} ${scale()}`, () => `${feed}?beat_s=${scale()}${last >= 0 ? `&last_event_id=${last}` : ""}`, onTold);
}

function onTold(told: Told): void {
  if (told.type === "hello") onFirst(JSON.parse(told.data).prev);
  else if (told.type === "beat") onBeat(told);
  else if (told.type === "reset") {
    last = JSON.parse(told.data).prev;
    hasHeard = true;
    missed += 1;
    void renew();
  } else onEvent(told);
}

function onFirst(prev: number): void {
  hasHeard = true;
  // The page was made before the stream began: what lies between them is fetched.
  if (prev >= Number(document.body.dataset["size"] ?? 0)) void renew();
  take(prev, true);
}

function take(prev: number | null, isFirst = false): void {
  if (prev === null || prev === undefined) return;
  if (last >= 0 && prev !== last && !isFirst) {
    missed += 1;
    void renew();
  }
  last = Math.max(prev, isFirst ? prev : last);
}

function onBeat(told: Told): void {
  const beat = JSON.parse(told.data);
  // Another page of this browser follows the node: its first beat is where we begin.
  if (!hasHeard) onFirst(beat.prev);
  take(beat.prev);
  beatAt = Date.now();
  hasBeat = true;
  setOffset(Date.parse(beat.at) - Date.now());
  apartS = (Date.now() - Date.parse(beat.wall)) / 1000;
  since = beat.at;
  ringing();
  look();
}

function onEvent(told: Told): void {
  hasHeard = true;
  take(JSON.parse(told.data).prev);
  if (told.id) last = Number(told.id);
  if (state === "lost") missed += 1;
  void renew();
}

function look(): void {
  const ageS = (Date.now() - beatAt) / 1000 / scale();
  const next: State = ageS > LOST_S ? "lost" : ageS > LATE_S ? "late" : "live";
  const chip = document.getElementById("link");
  if (chip) {
    chip.className = `chip link ${next}`;
    const word = chip.dataset[next] ?? next;
    const isOff = next === "live" && Math.abs(apartS) > CLOCK_S;
    const clock = isOff ? ` ${chip.dataset["clock"]} ${ltr(`${apartS > 0 ? "+" : ""}${apartS.toFixed(0)} s`)}` : "";
    const shown = next === "live" ? ageS.toFixed(1) : String(Math.floor(ageS * scale()));
    const age = hasBeat || next !== "live" ? ltr(`${shown} s`) : "…";
    const text = `${word} ${age}${clock}`;
    if (chip.textContent !== text) chip.textContent = text;
    // Only the change of state is spoken; the seconds are for the eye.
    chip.setAttribute("aria-live", "off");
  }
  if (next !== state) turn(next);
  else if (next === "lost") mark();
  if (next === "lost") {
    const out = document.getElementById("lost-for");
    const text = span(Math.floor(ageS * scale()));
    if (out && out.textContent !== text) out.textContent = text;
  }
}

/** Keep a figure and its unit in their order within a language that runs the other way. */
function ltr(text: string): string {
  return document.documentElement.dir === "rtl" ? `\u2066${text}\u2069` : text;
}

function turn(next: State): void {
  const before = state;
  state = next;
  // Whoever follows the node for this page may be a tab that the browser has put to sleep.
  if (next === "late" && before === "live" && !document.hidden) takeOver();
  document.body.classList.toggle("lost", next === "lost");
  linkLost(next === "lost");
  if (next === "lost") {
    missed = 0;
    lostFrom = Math.max(Number(document.body.dataset["size"] ?? 0), last + 1);
    mark();
    shout(document.getElementById("lost")?.textContent ?? "");
  } else if (before === "lost") {
    back();
    void renew();
  }
}

// What is pressed while the link is lost is not sent; the band says so, and what to do.
function mark(): void {
  const band = document.getElementById("lost");
  if (!band || band.classList.contains("said") && !band.hidden) return;
  band.className = "said";
  band.hidden = false;
  const line = document.createElement("p");
  const no = document.createElement("strong");
  no.textContent = `${band.dataset["says"]} `;
  const how = document.createElement("span");
  const long = figure("");
  long.id = "lost-for";
  long.setAttribute("aria-live", "off");
  how.append(`${band.dataset["for"]} `, long);
  const asOf = document.createElement("span");
  asOf.append(`${band.dataset["picture"]} `, figure(utc(Date.parse(since))), `, ${band.dataset["entry"]} `, figure(document.body.dataset["size"] ?? ""), ` · ${document.getElementById("new")?.textContent ?? ""}.`);
  const nothing = document.createElement("span");
  nothing.textContent = band.dataset["nothing"] ?? "";
  line.append(no, how, " ", asOf, " ", nothing);
  const numbers = document.querySelector<HTMLTemplateElement>("#voices")?.content.cloneNode(true);
  band.replaceChildren(line, ...(numbers ? [numbers] : []));
}

/** Isolate figures left to right, in any language. */
function figure(text: string): HTMLElement {
  const made = document.createElement("bdi");
  made.dir = "ltr";
  made.className = "n";
  made.textContent = text;
  return made;
}

/** Say that the link is back, and list what happened meanwhile; it stays until it is seen. */
function back(): void {
  const band = document.getElementById("lost");
  if (!band) return;
  band.className = "back";
  const line = document.createElement("p");
  const text = document.createElement("span");
  text.append(`${band.dataset["back"]} `, figure(utc(nodeNow())), ".");
  const seen = document.createElement("button");
  seen.type = "button";
  seen.textContent = band.dataset["dismiss"] ?? "OK";
  seen.addEventListener("click", () => {
    band.hidden = true;
    band.className = "";
  });
  line.append(text, seen);
  band.replaceChildren(line);
  void meanwhile(band, text);
}

/** Fetch what this desk may see of the entries since the link was lost, in its language. */
async function meanwhile(band: HTMLElement, text: HTMLElement): Promise<void> {
  try {
    const answer = await fetch(`/ledger/since?after=${lostFrom}`, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const list = page.getElementById("since");
    const count = list?.children.length ?? 0;
    text.append(" ", count ? figure(String(count)) : "", ` ${(count ? band.dataset["missed"] : band.dataset["none"]) ?? ""}`);
    if (list && count) band.append(list);
  } catch {
    text.append(` ${missed} ${band.dataset["missed"] ?? ""}`);
  }
  say(text.textContent ?? "");
}

export function isLost(): boolean {
  return state === "lost";
}

// Nothing is sent while the link is lost but STOP, which shows the voice card instead.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target as HTMLFormElement;
    if (state === "lost" && form.method === "post") {
      event.preventDefault();
      event.stopImmediatePropagation();
      mark();
      document.getElementById("lost")?.scrollIntoView();
    }
  },
  true,
);
