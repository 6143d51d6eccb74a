// Bring scripts of their own to pages that ask for one, after the first paint: text and
// buttons never wait for a map. They hear of every page shown by an event.
import { whenShown } from "./pages";

export const SHOWN = "clearline-shown";
const brought = new Set<string>();

export function startSlots(): void {
  whenShown((how) => {
    for (const slot of document.querySelectorAll<HTMLElement>("[data-script]")) bring(slot.dataset["script"] ?? "");
    document.dispatchEvent(new CustomEvent(SHOWN, { detail: how }));
  });
}

function bring(url: string): void {
  if (!url || brought.has(url)) return;
  brought.add(url);
  requestAnimationFrame(() =>
    setTimeout(() => {
      const script = document.createElement("script");
      script.src = url;
      document.head.append(script);
    }),
  );
}
