// Small behaviours of every page: rows that are links, buttons pressed once, shown passwords, the top line.

import htmx from "htmx.org";

export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

function followRow(event: MouseEvent): void {
  const target = event.target as Element;
  const row = target.closest<HTMLElement>("tr[data-href]");
  const href = row?.dataset.href;
  if (!href || target.closest("a, button, input, label, select, summary")) return;
  if (window.getSelection()?.toString()) return;
  if (event.ctrlKey || event.metaKey) window.open(href, "_blank", "noopener");
  else window.location.assign(href);
}

function pressOnce(event: SubmitEvent): void {
  if (event.defaultPrevented) return;
  const form = event.target as HTMLFormElement;
  if (form.dataset.busy) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  form.dataset.busy = "true";
  event.submitter?.classList.add("is-busy");
}

function restore(): void {
  document.querySelectorAll<HTMLElement>("form[data-busy]").forEach((form) => delete form.dataset.busy);
  document.querySelectorAll(".is-busy").forEach((button) => button.classList.remove("is-busy"));
}

export function startPages(): void {
  document.addEventListener("click", followRow);
  document.addEventListener("submit", pressOnce);
  window.addEventListener("pageshow", restore);

  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const reveal = target.closest<HTMLElement>("[data-reveals]");
    const input = reveal && document.getElementById(reveal.dataset.reveals ?? "");
    if (reveal && input instanceof HTMLInputElement) {
      const isShown = input.type === "password";
      input.type = isShown ? "text" : "password";
      reveal.setAttribute("aria-pressed", String(isShown));
    }
    const copy = target.closest<HTMLElement>("[data-copies]");
    const source = copy && document.getElementById(copy.dataset.copies ?? "");
    if (copy && source) {
      void navigator.clipboard?.writeText(source.textContent ?? "").then(() => copy.classList.add("is-copied"));
    }
  });

  const line = document.getElementById("loading-line");
  document.addEventListener("htmx:beforeRequest", () => line?.classList.add("is-on"));
  document.addEventListener("htmx:afterRequest", () => line?.classList.remove("is-on"));
  document.addEventListener("htmx:configRequest", (event) => {
    const detail = (event as CustomEvent<{ headers: Record<string, string> }>).detail;
    detail.headers["X-CSRF-Token"] = csrfToken();
  });

  const step = document.querySelector<HTMLElement>(".life [aria-current]");
  const path = step?.closest<HTMLElement>(".life");
  if (step && path) path.scrollLeft = step.offsetLeft - path.clientWidth / 2 + step.clientWidth / 2;

  const raised = document.querySelector("[data-raises]");
  const raise = (): void => void raised?.classList.toggle("is-raised", window.scrollY > 4);
  window.addEventListener("scroll", raise, { passive: true });
  raise();

  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches("[data-tidy]")) return;
    // Empty filters stay out of the address, so that it can be read and shared.
    for (const field of form.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input[name], select[name]")) {
      if (!field.value) field.disabled = true;
    }
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const detail = (event as CustomEvent<{ elt: Element; parameters: FormData; verb: string }>).detail;
    if (detail.verb !== "get" || !detail.elt.closest("[data-tidy]")) return;
    const full = [...new Set([...detail.parameters.keys()])];
    for (const name of full) {
      const kept = detail.parameters.getAll(name).filter((value) => value !== "");
      detail.parameters.delete(name);
      kept.forEach((value) => detail.parameters.append(name, value));
    }
  });
  htmx.config.allowEval = false;
}
