// The STOP sheet: its button works half a second after the sheet is there, so that a key
// still held down sends nothing; then Enter sends. With the link lost it shows the voice card.
import { isLost } from "./link";
import { whenShown } from "./pages";

export function startStop(): void {
  whenShown((how) => {
    const button = document.querySelector<HTMLButtonElement>("button[data-hold]");
    if (!button || how !== "went") return;
    button.disabled = true;
    setTimeout(() => {
      button.disabled = false;
      if (document.activeElement === document.body || document.activeElement?.id === "main") button.focus();
    }, Number(button.dataset["hold"]));
  });
  document.addEventListener("click", (event) => {
    if (!isLost() || !(event.target as Element).closest("a.stop")) return;
    event.preventDefault();
    location.assign("/voice");
  });
}
