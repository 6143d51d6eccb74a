// Sign in with a passkey, and make one (WebAuthn Level 3). The password always works too.
import { whenShown } from "./pages";

export function startPasskeys(): void {
  whenShown(() => {
    if (!window.PublicKeyCredential || !isSecureContext) return;
    for (const id of ["passkey", "passkey-new"]) {
      const button = document.getElementById(id);
      if (button) button.hidden = false;
    }
  });
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("#passkey, #passkey-new");
    if (!button) return;
    const doing = button.id === "passkey" ? signIn(button) : make(button);
    doing.catch(() => said(button, button.dataset["failed"] ?? ""));
  });
}

async function post(path: string, body: unknown): Promise<Response> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  const csrf = document.body.dataset["csrf"];
  if (csrf) headers["x-csrf-token"] = csrf;
  const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(String(response.status));
  return response;
}

async function signIn(button: HTMLButtonElement): Promise<void> {
  const form = button.form;
  const person = String(new FormData(form ?? undefined).get("person") ?? "").trim().toLowerCase();
  const device = String(new FormData(form ?? undefined).get("device") ?? "");
  const ceremony = await (await post("/api/v1/sessions/passkey/challenge", { person })).json();
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(ceremony.options);
  const given = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  await post("/api/v1/sessions/passkey", { person, device, credential: given.toJSON() });
  const then = String(new FormData(form ?? undefined).get("then") ?? "");
  location.assign(/^\/(?![/\\])/.test(then) ? then : "/");
}

async function make(button: HTMLButtonElement): Promise<void> {
  const ceremony = await (await post("/api/v1/passkeys/challenge", {})).json();
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(ceremony.options);
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  await post("/api/v1/passkeys", { credential: made.toJSON() });
  said(button, button.dataset["made"] ?? "");
}

function said(button: HTMLButtonElement, text: string): void {
  const note = document.createElement("p");
  note.className = "note";
  note.setAttribute("role", "status");
  note.textContent = text;
  button.after(note);
}
