// Show what is where: the base map under it, and what one viewer may know drawn over it.
//
//   /api/v1/maps --> base, layers        /api/v1/map --> facts --> signs, labels, card
//   /places      --> names               arrows, + -, Tab, Enter
//
// Every fact is also in the table below the map, which needs no script.
import { start } from "./map/chart";

function look(): void {
  for (const slot of document.querySelectorAll<HTMLElement>("[data-map]")) if (!slot.dataset["started"]) start(slot);
}

document.addEventListener("clearline-shown", look);
look();
