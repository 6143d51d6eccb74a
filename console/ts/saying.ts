// Say things to a screen reader: politely, or at once.
export function say(text: string): void {
  put("say", text);
}

export function shout(text: string): void {
  put("shout", text);
}

function put(id: string, text: string): void {
  const region = document.getElementById(id);
  if (region) region.textContent = text;
}
