// Pictures in full, one after the other: a press on any `[data-view]` of the page opens them all from there.

function dialog(): HTMLDialogElement | null {
  return document.querySelector<HTMLDialogElement>("dialog[data-viewer]");
}

let shown: { address: string; name: string }[] = [];
let at = 0;
let opener: HTMLElement | null = null;

// Two links lead to one picture where its name stands beside it.
function pictures(within: Element): { address: string; name: string }[] {
  const byAddress = new Map<string, string>();
  for (const link of within.querySelectorAll<HTMLAnchorElement>("a[data-view]")) {
    if (link.getClientRects().length) byAddress.set(link.getAttribute("href") ?? "", link.dataset.view ?? "");
  }
  return [...byAddress].map(([address, name]) => ({ address, name }));
}

function draw(viewer: HTMLDialogElement): void {
  const { address = "", name = "" } = shown[at] ?? {};
  const picture = viewer.querySelector<HTMLImageElement>("[data-viewer-picture]")!;
  picture.src = address;
  picture.alt = name;
  viewer.querySelector("[data-viewer-name]")!.textContent = name;
  viewer.querySelector("[data-viewer-place]")!.textContent = shown.length > 1 ? `${at + 1} / ${shown.length}` : "";
  viewer.querySelector<HTMLAnchorElement>("[data-viewer-save]")!.href = address;
  viewer.querySelector<HTMLAnchorElement>("[data-viewer-save]")!.download = name;
  for (const button of viewer.querySelectorAll<HTMLElement>("[data-viewer-step]")) button.hidden = shown.length < 2;
}

function go(viewer: HTMLDialogElement, to: number): void {
  at = (to + shown.length) % shown.length;
  draw(viewer);
}

export function startViewer(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const viewer = dialog();
    const step = target.closest<HTMLElement>("[data-viewer-step]");
    if (viewer && step) return go(viewer, at + Number(step.dataset.viewerStep));
    const link = target.closest<HTMLAnchorElement>("a[data-view]");
    if (!viewer || !link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    shown = pictures(link.closest("dialog, main, [data-views]") ?? document.body);
    at = Math.max(0, shown.findIndex((each) => each.address === link.getAttribute("href")));
    if (!shown.length) return;
    opener = link;
    draw(viewer);
    viewer.showModal();
  });
  dialog()?.addEventListener("keydown", (event) => {
    const viewer = event.currentTarget as HTMLDialogElement;
    const places: { [key: string]: number } = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 };
    const to = places[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(viewer, to);
  });
  dialog()?.addEventListener("close", (event) => {
    (event.currentTarget as HTMLElement).querySelector("img")?.removeAttribute("src");
    opener?.focus();
  });
}
