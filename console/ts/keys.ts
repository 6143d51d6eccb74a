// One key for each thing an operator does. None fires while somebody types, but F9, which
// is STOP always. Single letters can be switched off; they are then for the page to read.
import { isLost } from "./link";
import { go } from "./pages";

const OFF = "clearline-keys";
let isGoing = false;
// What is typed after "/" until its field is there: never taken for keys that act.
let ahead: string[] | undefined;

export function startKeys(): void {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("#help-button")) help();
  });
  document.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    if (box.id === "keys-off") localStorage.setItem(OFF, box.checked ? "off" : "on");
  });
}

function onKey(event: KeyboardEvent): void {
  if (event.key === "F9") {
    event.preventDefault();
    return void stop();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (ahead) {
    event.preventDefault();
    ahead.push(event.key);
    return;
  }
  if (event.key === "S" && event.shiftKey) {
    event.preventDefault();
    return void stop();
  }
  if (event.key === "Escape") return escape();
  if (localStorage.getItem(OFF) === "off") return;
  const key = event.key.toLowerCase();
  if (isGoing) {
    isGoing = false;
    return follow(`[data-go="${CSS.escape(key)}"]`, event);
  }
  switch (key) {
    case "?":
      event.preventDefault();
      return help();
    case "g":
      isGoing = true;
      setTimeout(() => (isGoing = false), 1_500);
      return;
    case "j":
    case "k":
      event.preventDefault();
      return move(key === "j" ? 1 : -1);
    case "enter":
      return openFocused(event);
    case "a":
    case "r":
      return act(key, event);
    case "n":
    case "c":
      return follow(`#nav [data-go="${key}"]`, event);
    case "/":
      event.preventDefault();
      return void find();
    case "m":
      return map(event);
    case "t":
      return theme(event);
    default:
      return follow(`[data-key="${CSS.escape(key)}"]`, event);
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=radio],[type=checkbox]),textarea,select,[contenteditable]");
}

/** Put the focus on the map; where there is none, go to it. */
function map(event: KeyboardEvent): void {
  const slot = document.querySelector<HTMLElement>("[data-map]:not([hidden])");
  if (!slot) return follow('#tabs [href="/#map"]', event);
  event.preventDefault();
  slot.scrollIntoView({ block: "nearest" });
  slot.focus();
}

async function stop(): Promise<void> {
  if (isLost()) return location.assign("/voice");
  const about = document.activeElement?.closest<HTMLElement>("[data-call]")?.dataset["call"];
  const to = `/stop${about ? `?about=${encodeURIComponent(about)}` : ""}`;
  if (location.pathname !== "/stop" && !(await go(to))) location.assign(to);
}

async function find(): Promise<void> {
  ahead = [];
  await go("/find");
  const field = document.querySelector<HTMLInputElement>("main input[name=q]");
  const typed = ahead;
  ahead = undefined;
  if (!field) return;
  for (const key of typed) {
    if (key === "Enter") return field.form?.requestSubmit();
    if (key === "Backspace") field.value = field.value.slice(0, -1);
    else if (key.length === 1) field.value += key;
  }
}

function escape(): void {
  const out = document.querySelector<HTMLElement>('[data-key="Escape"]');
  if (out) out.click();
  else if (location.pathname !== "/") history.back();
}

function help(): void {
  const sheet = document.querySelector<HTMLDialogElement>("#help");
  const box = document.querySelector<HTMLInputElement>("#keys-off");
  if (box) box.checked = localStorage.getItem(OFF) === "off";
  sheet?.showModal();
}

function follow(selector: string, event: KeyboardEvent): void {
  const found = document.querySelector<HTMLElement>(selector);
  if (!found) return;
  event.preventDefault();
  found.click();
}

/** Act on the call that has the focus, else on the first that needs somebody. */
function act(key: string, event: KeyboardEvent): void {
  const here = document.activeElement?.closest("[data-call]");
  const found =
    here?.querySelector<HTMLElement>(`[data-key="${key}"]`) ??
    document.querySelector<HTMLElement>(`[data-new] [data-key="${key}"], main [data-key="${key}"]`);
  if (!found) return;
  event.preventDefault();
  found.click();
}

function move(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>("li[data-call]")];
  const at = rows.indexOf(document.activeElement?.closest("li[data-call]") as HTMLElement);
  const next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function openFocused(event: KeyboardEvent): void {
  const row = document.activeElement;
  if (row instanceof HTMLElement && row.matches("li[data-call]")) {
    event.preventDefault();
    row.querySelector<HTMLElement>("a")?.click();
  }
}

function theme(event: KeyboardEvent): void {
  event.preventDefault();
  const root = document.documentElement;
  const next = root.dataset["theme"] === "light" ? "dark" : "light";
  root.dataset["theme"] = next;
  document.cookie = `clearline_theme=${next}; path=/; max-age=31536000; samesite=lax`;
}
