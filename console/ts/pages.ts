// Move between pages and keep them true without loading the document again, so that the
// live link and the sound go on. A page is fetched as it is without scripts; what changed
// is morphed in, so that focus, caret and typed text stay where they are.
import { Idiomorph } from "idiomorph";

type Shown = "went" | "renewed";
const listeners: ((how: Shown) => void)[] = [];
let isRenewing = false;
let mustRenew = false;
// The newest page asked for is the one that is shown, as in any browser.
let newest = 0;
// While a form is under way its answer shows what became of it; a renewal in between would
// be taken for that, and its answer then for a page that goes from under somebody's hands.
let sending = 0;
const SENDING_MS = 2_000;

export function whenShown(listener: (how: Shown) => void): void {
  listeners.push(listener);
}

export function startPages(): void {
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  addEventListener("popstate", () => void go(location.href, { isBack: true }));
  settle("went");
}

/** Fetch the page as it stands now and morph it in; several asked at once become one. */
export async function renew(): Promise<void> {
  if (isRenewing || sending) {
    mustRenew = true;
    return;
  }
  isRenewing = true;
  try {
    do {
      mustRenew = false;
      const asked = location.href;
      const response = await fetch(asked, { headers: { accept: "text/html" } });
      const text = await response.text();
      if (sending) mustRenew = true;
      else if (location.href === asked) show(parse(text), "renewed");
    } while (mustRenew && !sending);
  } catch {
    // The link says so; what is on the page keeps its age.
  } finally {
    isRenewing = false;
  }
}

export async function go(url: string, { isBack = false, init = {} as RequestInit } = {}): Promise<boolean> {
  const turn = (newest += 1);
  let response: Response;
  let text = "";
  let isPage = false;
  const done = init.method === "POST" ? hold() : () => undefined;
  try {
    response = await fetch(url, { ...init, headers: { accept: "text/html" } });
    isPage = (response.headers.get("content-type") ?? "").startsWith("text/html");
    if (isPage) text = await response.text();
  } catch {
    return false;
  } finally {
    done();
  }
  if (turn !== newest) return true;
  if (!isPage) {
    location.assign(url);
    return true;
  }
  const at = response.redirected ? response.url : url;
  const there = new URL(at, location.href);
  const here = new URL(url, location.href);
  if (response.redirected && !there.hash && here.hash) there.hash = here.hash;
  // A form that was refused is shown where it stands; going back must not send it again.
  if (!isBack && (response.ok || init.method !== "POST") && there.href !== location.href)
    history.pushState(null, "", there.href);
  show(parse(text), "went");
  return true;
}

/** Let renewals wait for a form's answer, but not for long; what is returned ends that. */
function hold(): () => void {
  let isHeld = true;
  sending += 1;
  const end = (): void => {
    if (!isHeld) return;
    isHeld = false;
    clearTimeout(late);
    sending -= 1;
    if (mustRenew && !sending && !isRenewing) {
      mustRenew = false;
      void renew();
    }
  };
  const late = setTimeout(end, SENDING_MS);
  return end;
}

function parse(text: string): Document {
  return new DOMParser().parseFromString(text, "text/html");
}

function show(next: Document, how: Shown): void {
  document.title = next.title;
  const root = document.documentElement;
  for (const name of ["lang", "dir", "data-theme"]) root.setAttribute(name, next.documentElement.getAttribute(name) ?? "");
  for (const name of ["data-as-of", "data-size", "data-csrf", "data-feed", "data-whose", "data-low"]) {
    const value = next.body.getAttribute(name);
    if (value === null) document.body.removeAttribute(name);
    else document.body.setAttribute(name, value);
  }
  if (how === "went") {
    document.querySelector("main")?.replaceWith(next.querySelector("main") ?? "");
  } else {
    const before = document.querySelector("main");
    const after = next.querySelector("main");
    if (before && after) {
      const focused = document.activeElement;
      keepOrder(before, after);
      Idiomorph.morph(before, after, { callbacks: { beforeNodeMorphed: keepTyped, beforeAttributeUpdated: keepOpen } });
      // What is moved on a page loses the focus.
      if (focused instanceof HTMLElement && focused.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
    }
  }
  for (const id of ["frame", "nav", "tabs", "band", "realm"]) {
    const before = document.getElementById(id);
    const after = next.getElementById(id);
    if (before && after) Idiomorph.morph(before, after, { callbacks: { beforeAttributeUpdated: keepOurs, beforeNodeMorphed: keepChips } });
    else if (before) before.remove();
    else if (after) document.querySelector("main")?.before(after);
  }
  if (how === "went") arrive();
  settle(how);
}

// What somebody typed is theirs, on every renewal; so are choices made and sheets open.
function keepTyped(before: Node): boolean {
  if (before instanceof HTMLInputElement) {
    if (before.name === "once") return false;
    if (before.type === "radio" || before.type === "checkbox") return before.checked === before.defaultChecked;
    return before.value === before.defaultValue;
  }
  if (before instanceof HTMLTextAreaElement) return before.value === before.defaultValue;
  if (before instanceof HTMLSelectElement) return [...before.options].every((one) => one.selected === one.defaultSelected) || before.selectedIndex === 0;
  return !(before instanceof HTMLElement && before.hasAttribute("data-ours"));
}

function keepOpen(name: string, node: Element): boolean {
  return !(name === "open" && node instanceof HTMLDetailsElement) && !(name === "disabled" || name === "hidden");
}

function keepOurs(name: string, node: Element): boolean {
  return !((node.id === "sound" || node.id === "link") && name !== "data-live");
}

function keepChips(before: Node): boolean {
  return !(before instanceof Element && (before.id === "sound" || before.id === "link" || before.id === "local"));
}

/** Keep rows in their order while somebody points at the list or stands in it. */
function keepOrder(before: Element, after: Element): void {
  const above = after.querySelector<HTMLElement>("#above");
  let waiting = 0;
  before.querySelectorAll<HTMLElement>("[data-sorted]").forEach((list, at) => {
    const fresh = after.querySelectorAll<HTMLElement>("[data-sorted]")[at];
    if (!fresh || !(list.matches(":hover") || list.contains(document.activeElement))) return;
    const places = new Map([...list.children].map((row, place) => [row.id, place]));
    const rows = [...fresh.children];
    waiting += rows.filter((row) => !places.has(row.id) && row.hasAttribute("data-new")).length;
    rows.sort((one, other) => (places.get(one.id) ?? 1e6) - (places.get(other.id) ?? 1e6));
    fresh.append(...rows);
  });
  if (above && waiting) {
    above.hidden = false;
    above.textContent = `↓ ${waiting}`;
  }
}

function arrive(): void {
  const main = document.querySelector<HTMLElement>("main");
  const there = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  const wanted = document.querySelector<HTMLElement>("#problem, main [autofocus]");
  if (there) there.scrollIntoView({ block: "start" });
  else scrollTo(0, 0);
  (wanted ?? there?.querySelector<HTMLElement>("input:not([type=hidden]),button") ?? main)?.focus({ preventScroll: Boolean(there) });
}

// What goes on beside, as a file being read, says so and is asked for again.
let again: number | undefined;

function settle(how: Shown): void {
  clearTimeout(again);
  const seconds = Number(document.querySelector<HTMLElement>("main [data-again]")?.dataset["again"] ?? 0);
  if (seconds) again = setTimeout(() => void renew(), seconds * 1000);
  for (const listener of listeners) listener(how);
}

function isOurs(url: URL): boolean {
  return url.origin === location.origin && !/^\/(api|static|trust|authority)/.test(url.pathname);
}

function onClick(event: MouseEvent): void {
  const link = (event.target as Element).closest?.("a");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.href, location.href);
  if (!isOurs(url) || link.hasAttribute("download") || link.hasAttribute("data-whole")) return;
  if (url.pathname === location.pathname && url.search === location.search && url.hash) return;
  event.preventDefault();
  void go(link.href).then((isThere) => {
    if (!isThere) location.assign(link.href);
  });
}

function onSubmit(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (event.defaultPrevented || form.method === "dialog") return;
  if (form.dataset["sent"]) {
    event.preventDefault();
    return;
  }
  if (form.hasAttribute("data-whole")) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  const fields = form.enctype === "multipart/form-data" ? data : new URLSearchParams([...data].map(([name, value]) => [name, String(value)]));
  const button = event.submitter;
  const to = button instanceof HTMLButtonElement && button.hasAttribute("formaction") ? button.formAction : form.action;
  void send(form, to, fields);
}

/** Send a form; nothing is queued: it is sent, or it says that it was not. */
async function send(form: HTMLFormElement, action: string, fields: URLSearchParams | FormData): Promise<void> {
  form.dataset["sent"] = "yes";
  form.setAttribute("aria-busy", "true");
  const isGet = form.method === "get";
  const to = isGet && fields instanceof URLSearchParams ? `${action}?${fields}` : action;
  const isThere = await go(to, isGet ? {} : { init: { method: "POST", body: fields } });
  delete form.dataset["sent"];
  form.removeAttribute("aria-busy");
  if (!isThere) unsent(form, action, fields);
}

function unsent(form: HTMLFormElement, action: string, fields: URLSearchParams | FormData): void {
  const said = document.getElementById("lost");
  form.querySelector(".unsent")?.remove();
  const box = document.createElement("div");
  box.className = "problem unsent";
  box.setAttribute("role", "alert");
  const text = document.createElement("p");
  text.textContent = said?.dataset["unsent"] ?? "NOT SENT.";
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = said?.dataset["retry"] ?? "Again";
  again.addEventListener("click", () => {
    box.remove();
    void send(form, action, fields);
  });
  box.append(text, again);
  form.append(box);
}
