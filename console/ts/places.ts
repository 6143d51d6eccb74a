// Read a place as it is typed, a quarter of a second after the last key; nothing is guessed.
import { whenShown } from "./pages";

const PAUSE_MS = 250;
let waiting: ReturnType<typeof setTimeout> | undefined;
let newest = 0;

export function startPlaces(): void {
  document.addEventListener("input", (event) => {
    const field = event.target as HTMLInputElement;
    if (!field.matches("[data-reads-place]")) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => void read(field), PAUSE_MS);
  });
  // Another page has its own reading: one asked for before may not undo a choice made there.
  whenShown((how) => {
    if (how !== "went") return;
    clearTimeout(waiting);
    newest += 1;
  });
}

async function read(field: HTMLInputElement): Promise<void> {
  const shown = document.getElementById("place-read");
  if (!shown) return;
  const turn = (newest += 1);
  const headers: Record<string, string> = { "content-type": "application/x-www-form-urlencoded", accept: "text/html" };
  const body = new URLSearchParams({ text: field.value, csrf: document.body.dataset["csrf"] ?? "" });
  try {
    const response = await fetch("/places/reading", { method: "POST", headers, body });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (turn !== newest) return;
    const found = page.getElementById("place-read");
    shown.hidden = !field.value.trim();
    if (found) shown.replaceChildren(...found.childNodes);
  } catch {
    shown.hidden = true;
  }
}
