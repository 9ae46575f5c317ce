// Dialogs: the drawer of phones, and the sheet that htmx fills. The browser keeps the focus inside.

function dialogNamed(id: string): HTMLDialogElement | null {
  const found = document.getElementById(id);
  return found instanceof HTMLDialogElement ? found : null;
}

export function startDialogs(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const opener = target.closest<HTMLElement>("[data-opens]");
    if (opener) {
      dialogNamed(opener.dataset.opens ?? "")?.showModal();
      return;
    }
    const dialog = target.closest("[data-closes]")?.closest("dialog");
    if (dialog) {
      // On a page of its own the same thing is a link that leads back.
      event.preventDefault();
      dialog.close();
    }
    // A click on the backdrop lands on the dialog itself, outside its box.
    if (target instanceof HTMLDialogElement && target.open) {
      const box = target.getBoundingClientRect();
      const isInside =
        event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
      if (!isInside) target.close();
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const sheet = dialogNamed("sheet");
    if (event.target === sheet && sheet && sheet.childElementCount && !sheet.open) {
      sheet.showModal();
      sheet.querySelector<HTMLElement>("[autofocus], input:not([type=hidden]), textarea, select")?.focus();
    }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = (event.target as Element).closest("[data-closes-after]");
    if (form && (event as CustomEvent<{ successful?: boolean }>).detail.successful) form.closest("dialog")?.close();
  });
  dialogNamed("sheet")?.addEventListener("close", (event) => {
    (event.currentTarget as HTMLElement).replaceChildren();
  });
}
