// Keep the shell and the last picture, so that the console starts with the node dead and
// says so. Forms and the live stream are never kept: nothing is sent twice or late.
declare const SHELL: string[];
interface Worked {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}
interface Living extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Asked extends Living {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

const worker = self as unknown as Worked;
const NAME = "clearline-1";
const PICTURES = /^\/($|calls\/|voice$|roster$|lines$|plans$|more$)/;

self.addEventListener("install", (event) => {
  (event as Living).waitUntil(caches.open(NAME).then((kept) => kept.addAll([...SHELL, "/voice"])).then(() => worker.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  (event as Living).waitUntil(worker.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const asked = event as Asked;
  const { request } = asked;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  // A tile under its version never changes; the world has seven megabytes of them.
  if (url.pathname.startsWith("/static/") || (url.pathname.startsWith("/tiles/") && url.searchParams.has("v"))) asked.respondWith(fromShell(request));
  else if (PICTURES.test(url.pathname) && (request.headers.get("accept") ?? "").includes("text/html"))
    asked.respondWith(newest(request, url));
});

async function fromShell(request: Request): Promise<Response> {
  const kept = await caches.match(request);
  if (kept) return kept;
  const found = await fetch(request);
  if (found.ok) await (await caches.open(NAME)).put(request, found.clone());
  return found;
}

/** Give the page as it is; where the node is dead, as it was. It carries its own age. */
async function newest(request: Request, url: URL): Promise<Response> {
  try {
    const found = await fetch(request);
    if (found.ok && !found.redirected) await (await caches.open(NAME)).put(url.pathname, found.clone());
    return found;
  } catch (error) {
    // A renewal that fails must fail: only opening a page gives the one of before.
    if (request.mode !== "navigate") throw error;
    const kept = (await caches.match(url.pathname)) ?? (await caches.match("/"));
    if (!kept) throw error;
    return kept;
  }
}
