// Handing on where a record is: the sheet of the phone where there is one, else the clipboard. Whoever opens the
// link signs in first and then sees what they may.

import { notify } from "../shell/notices";

function copyByHand(text: string): boolean {
  // Without HTTPS there is no clipboard to write to, but a selection can be copied.
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  return isCopied;
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByHand(text);
  }
}

async function share(button: HTMLElement): Promise<void> {
  const url = new URL(button.dataset.share ?? "", location.href).href;
  const isPhone = window.matchMedia("(pointer: coarse)").matches;
  if (isPhone && "share" in navigator) {
    try {
      await navigator.share({ title: button.dataset.title ?? "", url });
      return;
    } catch (error) {
      if ((error as DOMException).name === "AbortError") return;
    }
  }
  const isCopied = await copy(url);
  notify((isCopied ? button.dataset.copied : button.dataset.failed) ?? "", isCopied);
}

export function startSharing(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-share]");
    if (button) void share(button);
  });
}
