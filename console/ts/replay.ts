// Move one cursor over map, strips and words at once. Every step is a page as well: what is
// here only saves asking for it. Space plays, comma and full stop step, brackets leap five
// minutes, 0 goes back to what is live. Calls ring on meanwhile, in the frame above.
interface Step { n: number; at: string; x: number; seen: boolean; facts?: string[]; entry?: number }
interface Data { steps: Step[]; facts?: { features: { id: string }[] } }

const PLAY_MS = 900;
const LEAP_MS = 300_000;
let playing: ReturnType<typeof setInterval> | undefined;

function whole(): HTMLElement | null {
  return document.querySelector<HTMLElement>("[data-replay]");
}

function look(): void {
  const page = whole();
  if (!page) return pause();
  if (page.dataset["started"]) return;
  page.dataset["started"] = "yes";
  const button = document.querySelector<HTMLButtonElement>("#replay-play");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", toggle);
  }
  page.addEventListener("click", onClick);
  page.querySelector("select[name=see]")?.addEventListener("change", (event) => (event.target as HTMLSelectElement).form?.requestSubmit());
  document.querySelector("#map-slot")?.classList.add("replay");
  show(current());
}

function data(): Data {
  return JSON.parse(whole()?.dataset["replay"] ?? '{"steps":[]}') as Data;
}

function current(): number {
  return Number(document.querySelector("#replay-n")?.textContent ?? 1);
}

/** Show one moment: the cursor, the words so far, what the map knew. */
function show(n: number): void {
  const { steps, facts } = data();
  const step = steps[n - 1];
  if (!step) return;
  const put = (id: string, text: string): void => {
    const node = document.getElementById(id);
    if (node) node.textContent = text;
  };
  put("replay-n", String(n));
  put("replay-at", `${step.at.slice(11, 19)}Z`);
  const cursor = document.querySelector("#replay-cursor");
  cursor?.setAttribute("x1", `${step.x}%`);
  cursor?.setAttribute("x2", `${step.x}%`);
  const play = whole()?.dataset["play"] ?? "";
  document.querySelectorAll("[data-mark].now").forEach((mark) => mark.classList.remove("now"));
  document.querySelector(`[data-mark="${play}-${n}"]`)?.classList.add("now");
  let seen = 0;
  document.querySelectorAll<HTMLElement>("#told > li").forEach((row) => {
    const at = Number(row.dataset["n"]);
    row.hidden = at > n || !steps[at - 1]?.seen;
    if (!row.hidden) seen += 1;
    row.classList.toggle("now", at === n);
    if (at === n && !row.hidden) within(row);
  });
  const nothing = document.getElementById("told-nothing");
  if (nothing) nothing.hidden = seen > 0;
  if (step.entry !== undefined) void past(step);
  else if (facts) tell({ features: facts.features.filter((one) => step.facts?.includes(one.id)) }, step.at);
  const url = new URL(location.href);
  url.searchParams.set("step", String(n));
  history.replaceState(history.state, "", url);
}

/** Bring a row into sight within its own list; the page stays where somebody put it. */
function within(row: HTMLElement): void {
  const list = row.closest<HTMLElement>(".narrative");
  if (!list) return;
  const [above, below] = [row.getBoundingClientRect(), list.getBoundingClientRect()];
  if (above.top < below.top) list.scrollTop -= below.top - above.top;
  else if (above.bottom > below.bottom) list.scrollTop += above.bottom - below.bottom;
}

/** Ask for the map as it stood after an entry of this node's log. */
async function past(step: Step): Promise<void> {
  const answer = await fetch(`/api/v1/map?entry=${step.entry}`).catch(() => undefined);
  if (answer?.ok && current() === step.n) tell(await answer.json(), step.at);
}

function tell(shown: unknown, at: string): void {
  const slot = document.querySelector<HTMLElement>("#map-slot");
  if (!slot) return;
  const detail = { ...(shown as object), as_of: at };
  slot.dataset["facts"] = JSON.stringify(detail);
  slot.dispatchEvent(new CustomEvent("clearline-facts", { detail }));
}

function go(n: number): void {
  const count = data().steps.length;
  show(Math.max(1, Math.min(count, n)));
}

function leap(ms: number): void {
  const { steps } = data();
  const at = Date.parse(steps[current() - 1]?.at ?? "");
  const there = ms > 0 ? steps.find((step) => Date.parse(step.at) >= at + ms) : [...steps].reverse().find((step) => Date.parse(step.at) <= at + ms);
  go(there?.n ?? (ms > 0 ? steps.length : 1));
}

function toggle(): void {
  if (playing) return pause();
  if (current() >= data().steps.length) show(1);
  playing = setInterval(() => {
    if (!whole() || current() >= data().steps.length) return pause();
    go(current() + 1);
  }, PLAY_MS);
  label();
}

function pause(): void {
  clearInterval(playing);
  playing = undefined;
  label();
}

function label(): void {
  const button = document.querySelector<HTMLButtonElement>("#replay-play");
  const text = button?.firstChild;
  if (text) text.textContent = `${(playing ? button.dataset["pauseWord"] : button.dataset["playWord"]) ?? ""} `;
}

function onClick(event: MouseEvent): void {
  const by = (event.target as Element).closest<HTMLElement>("[data-step]")?.dataset["step"];
  const mark = (event.target as Element).closest<SVGElement>("[data-mark]")?.getAttribute("data-mark");
  if (by && by !== "live") {
    event.preventDefault();
    event.stopPropagation();
    pause();
    step(by);
  } else if (mark) {
    const [play, n] = mark.split("-");
    if (play === whole()?.dataset["play"]) go(Number(n));
  }
}

function step(by: string): void {
  if (by.endsWith("m")) leap(by.startsWith("-") ? -LEAP_MS : LEAP_MS);
  else go(current() + Number(by));
}

document.addEventListener(
  "keydown",
  (event) => {
    const target = event.target as HTMLElement;
    if (!whole() || event.ctrlKey || event.metaKey || event.altKey || target.matches("input,select,textarea,button,a") || document.querySelector("dialog[open]")) {
      if (!(whole() && target.matches("a,button") && [",", ".", "[", "]", "0"].includes(event.key))) return;
    }
    const steps: Record<string, string> = { ",": "-1", ".": "1", "[": "-5m", "]": "5m" };
    const by = steps[event.key];
    if (by) {
      pause();
      step(by);
    } else if (event.key === " ") toggle();
    else if (event.key === "0") document.querySelector<HTMLElement>('[data-step="live"]')?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
document.addEventListener("clearline-shown", look);
look();
