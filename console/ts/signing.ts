// Sign with a passkey what lifts a STOP, before its form is sent (docs/spec/evidence.md).

interface Signs {
  rp: string;
  ids: string[];
  about: Record<string, string>;
}

/** Forms with `data-signs` are signed first; without scripts or passkeys they go as they are. */
export function startSigning(): void {
  if (!window.PublicKeyCredential || !isSecureContext) return;
  document.addEventListener("submit", onSubmit, true);
}

function onSubmit(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  const said = form.dataset["signs"];
  if (!said || form.dataset["sent"] || form.querySelector("input[name=evidence]")) return;
  const signs = JSON.parse(said) as Signs;
  const act = actOf(form, event.submitter, signs);
  if (!act) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  void signed(signs, act).then((evidence) => sendWith(form, event.submitter, evidence));
}

/** What is signed: a RELEASE and what it lifts, or an answer to one. */
function actOf(form: HTMLFormElement, pressed: HTMLElement | null, signs: Signs): Record<string, string> | null {
  if (signs.about["call"]) {
    const answer = pressed instanceof HTMLButtonElement ? pressed.value : "";
    return answer ? { answer, ...signs.about } : null;
  }
  const fields = new FormData(form);
  const kind = String(fields.get("kind") ?? "");
  return kind === "RELEASE" ? { kind, of: String(fields.get("of") ?? "") } : null;
}

async function signed(signs: Signs, act: Record<string, string>): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(act));
  const challenge = await crypto.subtle.digest("SHA-256", bytes);
  const allowCredentials = signs.ids.map((id) => ({ type: "public-key" as const, id: fromText(id) }));
  try {
    const publicKey = { challenge, rpId: signs.rp, allowCredentials };
    const given = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
    const response = given.response as AuthenticatorAssertionResponse;
    return JSON.stringify({
      credential_id: given.id,
      authenticator_data: toText(response.authenticatorData),
      client_data_json: toText(response.clientDataJSON),
      signature: toText(response.signature),
      act: toText(bytes.buffer),
    });
  } catch {
    return ""; // the node says that it is not signed, and what to do
  }
}

function sendWith(form: HTMLFormElement, pressed: HTMLElement | null, evidence: string): void {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "evidence";
  field.value = evidence;
  form.append(field);
  form.requestSubmit(pressed instanceof HTMLButtonElement && pressed.form === form ? pressed : null);
  field.remove();
}

function toText(bytes: ArrayBufferLike): string {
  const plain = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return plain.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function fromText(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (one) => one.charCodeAt(0));
}
