// One live stream for every page of a browser. A browser opens six connections to one
// place and no more (HTTP/1.1); were each page to hold one, the sixth would leave none for
// what is pressed, and the seventh would never open. So the page that has the lock follows
// the node and tells the others; where it is closed, the browser gives the lock to the next.
// Locks are kept from pages that are not opened safely: there each follows by itself.
export interface Told {
  type: string;
  data: string;
  id: string;
}
type Listener = (told: Told) => void;

const KINDS = ["hello", "reset", "beat", "call", "notice", "conflict", "screening", "changed"];
const AGAIN_MS = 2_000;

let address = (): string => "";
let tell: Listener = () => undefined;
let source: EventSource | undefined;
let others: BroadcastChannel | undefined;
let name = "";
let isLeading = false;
let whenLet: (() => void) | undefined;

/**
 * Follow the node, in this page or by another page of the same person.
 *
 * @param whose Whom the stream is for: pages of another person have another one.
 * @param at Says where the stream is to be opened, with what this page has had.
 * @param listener Gets every event once, whichever page it came by.
 */
export function follow(whose: string, at: () => string, listener: Listener): void {
  address = at;
  tell = listener;
  const next = `clearline ${whose}`;
  if (name === next) return;
  leave();
  name = next;
  if (!("locks" in navigator) || !("BroadcastChannel" in window)) {
    isLeading = true;
    open();
    return;
  }
  others = new BroadcastChannel(name);
  others.addEventListener("message", (event: MessageEvent<Told>) => {
    if (!isLeading) tell(event.data);
  });
  wait(name, {});
}

/** Follow the node in this page from now on: the one that did so has fallen silent. */
export function takeOver(): void {
  if (others && !isLeading) wait(name, { steal: true });
}

function wait(lock: string, how: LockOptions): void {
  const lead = (): Promise<void> => {
    if (lock !== name) return Promise.resolve();
    isLeading = true;
    open();
    return new Promise((let_) => {
      whenLet = let_;
    });
  };
  navigator.locks.request(lock, how, lead).catch(() => {
    // It was taken over by a page that somebody looks at; this one hears from that.
    if (lock !== name || !isLeading) return;
    close();
    wait(lock, {});
  });
}

function leave(): void {
  close();
  others?.close();
  others = undefined;
  whenLet?.();
  whenLet = undefined;
}

function close(): void {
  isLeading = false;
  source?.close();
  source = undefined;
}

function open(): void {
  if (!isLeading) return;
  source?.close();
  const opened = new EventSource(address());
  source = opened;
  for (const type of KINDS) opened.addEventListener(type, (event: MessageEvent<string>) => pass({ type, data: event.data, id: event.lastEventId }));
  opened.addEventListener("error", () => {
    // The browser tries again by itself unless it was refused.
    if (opened.readyState === EventSource.CLOSED && opened === source) setTimeout(open, AGAIN_MS);
  });
}

function pass(told: Told): void {
  others?.postMessage(told);
  tell(told);
}
