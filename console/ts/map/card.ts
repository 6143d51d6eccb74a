// Say in words what is chosen on the map: whose, when, how wide, how exactly known. The
// words around the facts come from the page, in its language.
import { wording } from "./drawing";
import type { Fact } from "./facts";

export type Words = Record<string, string>;

export function card(box: HTMLElement, facts: Fact[], words: Words, open: (fact: Fact) => void): void {
  box.replaceChildren();
  box.hidden = !facts.length;
  if (facts.length > 1) return void several(box, facts, words, open);
  const [fact] = facts;
  if (!fact) return;
  const head = box.appendChild(document.createElement("h3"));
  isolate(head, fact.label);
  const list = box.appendChild(document.createElement("dl"));
  for (const [name, text] of rows(fact, words)) {
    list.appendChild(document.createElement("dt")).textContent = name;
    isolate(list.appendChild(document.createElement("dd")), text);
  }
  if (!fact.to) return;
  const link = box.appendChild(document.createElement("a"));
  link.href = fact.to;
  link.className = "button";
  link.textContent = words["open"] ?? "Open";
}

function several(box: HTMLElement, facts: Fact[], words: Words, open: (fact: Fact) => void): void {
  box.appendChild(document.createElement("h3")).textContent = `${facts.length} ${words["here"] ?? "here"}`;
  const list = box.appendChild(document.createElement("ul"));
  for (const fact of facts.slice(0, 12)) {
    const button = list.appendChild(document.createElement("li")).appendChild(document.createElement("button"));
    button.type = "button";
    isolate(button, `${fact.label} · ${fact.owner}`);
    button.addEventListener("click", () => open(fact));
  }
  if (facts.length > 12) list.appendChild(document.createElement("li")).textContent = `+ ${facts.length - 12}`;
}

function rows(fact: Fact, words: Words): [string, string][] {
  const wide = fact.what === "conflict" ? 0 : fact.half_width_m || fact.radius_m;
  const row = document.querySelector<HTMLElement>(`[data-fact="${CSS.escape(fact.id)}"]`);
  const said: [string, string][] = [
    ["says", inWords(fact, row)],
    ["owner", fact.owner],
    ["call", fact.call],
    ["status", row?.dataset["stands"] || fact.status || fact.kind],
    ["from", when(fact.starts_at)],
    ["until", when(fact.ends_at)],
    ["off", wide ? metres(wide) : ""],
    ["buffer", fact.buffer_m ? metres(fact.buffer_m) : ""],
    ["apart", fact.apart_m === undefined || fact.apart_m === null ? "" : metres(fact.apart_m)],
    ["level", fact.what === "notice" ? (words[fact.level] ?? fact.level) : ""],
    ["changed", when(fact.changed_at)],
  ];
  return said.filter(([, text]) => text).map(([name, text]) => [words[name] ?? name, text]);
}

/** Say what it says in the reader's language, as the table beside the map does. */
function inWords(fact: Fact, row = document.querySelector<HTMLElement>(`[data-fact="${CSS.escape(fact.id)}"]`)): string {
  return fact.what === "conflict" ? (row?.querySelector("[data-told]")?.textContent ?? fact.says) : fact.says;
}

/** Say one fact aloud, for whoever walks the map with Tab. */
export function spoken(fact: Fact, nowMs: number): string {
  return [wording(fact, nowMs), fact.owner, inWords(fact), fact.status].filter(Boolean).join(", ");
}

function when(at: string | undefined): string {
  return at ? `${at.slice(0, 10)} ${at.slice(11, 16)}Z` : "";
}

function metres(length: number): string {
  return length >= 10_000 ? `${(length / 1000).toFixed(0)} km` : `${length.toFixed(0)} m`;
}

function isolate(node: HTMLElement, text: string): void {
  node.appendChild(document.createElement("bdi")).textContent = text;
}
