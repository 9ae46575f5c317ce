// A grey button says why it is grey: on hover, on focus, and when it is pressed all the same.

let bubble: HTMLElement | null = null;

function hide(): void {
  bubble?.remove();
  bubble = null;
}

function show(button: HTMLElement): void {
  const why = button.dataset.why;
  if (!why) return;
  hide();
  bubble = document.createElement("div");
  bubble.className = "why";
  bubble.setAttribute("role", "tooltip");
  bubble.textContent = why;
  (button.closest("dialog") ?? document.body).append(bubble);
  const box = button.getBoundingClientRect();
  const mine = bubble.getBoundingClientRect();
  const left = Math.min(Math.max(8, box.left + box.width / 2 - mine.width / 2), window.innerWidth - mine.width - 8);
  const above = box.top - mine.height - 8;
  bubble.style.left = `${left}px`;
  bubble.style.top = `${above > 8 ? above : box.bottom + 8}px`;
}

export function startWhy(): void {
  const buttonOf = (event: Event): HTMLElement | null =>
    (event.target as Element).closest?.<HTMLElement>('[aria-disabled="true"]') ?? null;
  document.addEventListener("mouseover", (event) => {
    const button = buttonOf(event);
    if (button) show(button);
  });
  document.addEventListener("mouseout", (event) => {
    if (buttonOf(event)) hide();
  });
  document.addEventListener("focusin", (event) => {
    const button = buttonOf(event);
    if (button) show(button);
    else hide();
  });
  document.addEventListener(
    "click",
    (event) => {
      const button = buttonOf(event);
      if (!button) return;
      event.preventDefault();
      event.stopPropagation();
      show(button);
    },
    { capture: true },
  );
  window.addEventListener("scroll", hide, { capture: true, passive: true });
}
