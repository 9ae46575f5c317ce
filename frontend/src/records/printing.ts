// A document in its frame: shown as wide as the page allows, and handed to the printer when it has been fetched for it.

function fit(frame: HTMLIFrameElement): void {
  const view = frame.closest<HTMLElement>("[data-print-view]");
  const inside = frame.contentDocument?.documentElement;
  if (!view || !inside) return;
  frame.style.width = "100%";
  frame.style.transform = "";
  view.style.height = "";
  const wanted = inside.scrollWidth;
  const scale = Math.min(1, view.clientWidth / wanted);
  if (scale < 1) frame.style.width = `${wanted}px`;
  const height = inside.ownerDocument.body.scrollHeight;
  frame.style.height = `${height}px`;
  if (scale < 1) frame.style.transform = `scale(${scale})`;
  // What is made smaller still takes the room that it had.
  view.style.height = `${Math.ceil(height * scale)}px`;
}

export function startPrinting(): void {
  const frame = document.querySelector<HTMLIFrameElement>("[data-print-frame]");
  const form = document.querySelector<HTMLFormElement>("[data-print]");
  if (!frame || !form) return;
  let isAsked = false;
  form.addEventListener("submit", () => {
    isAsked = true;
  });
  const loaded = (): void => {
    fit(frame);
    if (!isAsked) return;
    isAsked = false;
    frame.contentWindow?.print();
  };
  frame.addEventListener("load", loaded);
  if (frame.contentDocument?.readyState === "complete") fit(frame);
  window.addEventListener("resize", () => fit(frame));
}
