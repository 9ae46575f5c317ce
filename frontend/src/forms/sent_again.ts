// A form that was kept, sent as if its button had been pressed: the answer is the page that shows it.

/** Sends entries to an address; the browser goes there. */
export function submitKept(address: string, entries: Iterable<readonly [string, string]>, csrf: string): void {
  const sent = document.createElement("form");
  sent.method = "post";
  sent.action = address;
  for (const [name, value] of [...entries, ["csrf_token", csrf] as const]) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    input.value = value;
    sent.append(input);
  }
  document.body.append(sent);
  sent.submit();
}
