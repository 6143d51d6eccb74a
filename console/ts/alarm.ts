// Ring for what nobody of this desk has yet, and for a lost link. The press that takes the
// watch unlocks the sound; until then a chip says SOUND OFF. Bursts are scheduled ahead on
// the audio clock, because a hidden page's timers stall and its beats do not.
import { whenShown } from "./pages";
import { BURSTS, burst, rendered, type Sound } from "./pulses";
import { say, shout } from "./saying";

const AHEAD_S = 65;
const ORDER: Sound[] = ["FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE"];

let context: AudioContext | undefined;
let way: GainNode | undefined;
let playing: Sound | undefined;
let until = 0;
let isLinkLost = false;
let known: Map<string, string> | undefined;
let bursts = 0;
const routine = new Set<string>();

declare global {
  interface Window {
    clearlineSound?: { rendered: typeof rendered };
  }
}

export function startAlarm(): void {
  document.addEventListener("submit", (event) => {
    if ((event.target as Element).hasAttribute("data-unlocks")) void unlock(true);
  }, true);
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("#sound")) void unlock(true);
  });
  // A watch taken on an earlier page still counts: any press wakes the sound again.
  const wake = (): void => {
    if (sessionStorage.getItem("clearline-sound") === "on" && context?.state !== "running") void unlock(false);
  };
  document.addEventListener("pointerdown", wake);
  document.addEventListener("keydown", wake);
  wake();
  window.clearlineSound = { rendered };
  whenShown(ringing);
}

async function unlock(isTest: boolean): Promise<void> {
  context ??= new AudioContext();
  await context.resume().catch(() => undefined);
  sessionStorage.setItem("clearline-sound", "on");
  if (isTest && context.state === "running") burst(context, context.destination, "ROUTINE", context.currentTime + 0.05);
  context.onstatechange = chip;
  if (isTest && "Notification" in window && Notification.permission === "default") void Notification.requestPermission().catch(() => undefined);
  if ("wakeLock" in navigator) void navigator.wakeLock.request("screen").catch(() => undefined);
  chip();
  ringing();
}

function chip(): void {
  const shown = document.getElementById("sound");
  if (!shown) return;
  const isOn = context?.state === "running";
  shown.hidden = false;
  shown.className = `chip ${isOn ? "on" : "off"}`;
  shown.textContent = (isOn ? shown.dataset["on"] : shown.dataset["off"]) ?? "";
}

export function linkLost(isLost: boolean): void {
  isLinkLost = isLost;
  ringing();
}

/** Bring what sounds in line with what the page shows. */
export function ringing(): void {
  chip();
  announce();
  const wanted = sound();
  if (!context || context.state !== "running") return;
  if (wanted !== playing) silence();
  document.documentElement.dataset["sounds"] = wanted ?? "";
  if (!wanted) return;
  playing = wanted;
  way ??= open(context);
  const { everyS } = BURSTS[wanted];
  const now = context.currentTime;
  if (until < now) until = now + 0.05;
  while (until < now + AHEAD_S) {
    burst(context, way, wanted, until);
    bursts += 1;
    if (everyS === Infinity) {
      until = Infinity;
      break;
    }
    until += everyS;
  }
  document.documentElement.dataset["bursts"] = String(bursts);
}

function sound(): Sound | undefined {
  if (isLinkLost) return "LOST";
  const marked = [...document.querySelectorAll<HTMLElement>("[data-new]")].map((one) => one.dataset["new"]);
  if (document.querySelector("#band .flash")) marked.push("FLASH");
  return ORDER.find((one) => marked.includes(one));
}

function open(audio: AudioContext): GainNode {
  const made = audio.createGain();
  made.connect(audio.destination);
  return made;
}

// What was scheduled and is not wanted any more goes nowhere.
function silence(): void {
  way?.disconnect();
  way = undefined;
  until = 0;
  playing = undefined;
}

function announce(): void {
  const found = new Map([...document.querySelectorAll<HTMLElement>("[data-call][data-new]")].map((one) => [one.dataset["call"] ?? "", one.dataset["says"] ?? ""]));
  const before = known;
  if (location.pathname === "/" || !before) known = found;
  if (!before) return;
  for (const [id, text] of found) {
    if (before.has(id)) continue;
    const urgency = document.querySelector<HTMLElement>(`[data-call="${CSS.escape(id)}"]`)?.dataset["new"];
    if (urgency === "ROUTINE" && routine.has(id)) continue;
    routine.add(id);
    if (urgency === "FLASH") shout(text);
    else say(text);
    if (document.hidden && "Notification" in window && Notification.permission === "granted") new Notification(text, { tag: id });
  }
}
