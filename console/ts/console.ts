// Start the parts of the console. Every page works without this file.
import { startAlarm } from "./alarm";
import { startAges } from "./ages";
import { startKeys } from "./keys";
import { startLink } from "./link";
import { startPages } from "./pages";
import { startPasskeys } from "./passkeys";
import { startPlaces } from "./places";
import { startSigning } from "./signing";
import { startSlots } from "./slots";
import { startStop } from "./stop";

startAges();
startAlarm();
startLink();
startKeys();
startStop();
startPasskeys();
startSigning();
startPlaces();
startSlots();
startPages();
if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/worker.js").catch(() => undefined);
