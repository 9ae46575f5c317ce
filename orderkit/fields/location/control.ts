// A place by its degrees: typed, or where this device is.

import type { Control } from "orderkit/controls/control";
import { inputOf, plain } from "orderkit/controls/plain";

const WAIT_MS = 20_000;
const REFUSED = 1;

function locate(root: HTMLElement, button: HTMLButtonElement): void {
  const said = root.querySelector<HTMLElement>("[data-location-said]");
  const say = (text: string): void => {
    if (said) said.textContent = text;
  };
  if (!navigator.geolocation || !window.isSecureContext) return say(root.dataset.none ?? "");
  button.setAttribute("aria-busy", "true");
  say(root.dataset.looking ?? "");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      button.removeAttribute("aria-busy");
      const input = inputOf(root) as HTMLInputElement;
      input.value = [coords.latitude, coords.longitude].map((degrees) => String(Number(degrees.toFixed(6)))).join(",");
      for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
      say((root.dataset.found ?? "").replace("{metres}", String(Math.ceil(coords.accuracy))));
    },
    (fault) => {
      button.removeAttribute("aria-busy");
      say((fault.code === REFUSED ? root.dataset.refused : root.dataset.none) ?? "");
    },
    { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 60_000 },
  );
}

export const control: Control = {
  ...plain,
  name: "location",
  start(root) {
    const button = root.querySelector<HTMLButtonElement>("[data-locate]");
    button?.addEventListener("click", () => locate(root, button));
  },
  lock(root, isLocked) {
    plain.lock(root, isLocked);
    root.querySelector<HTMLElement>("[data-locate]")?.toggleAttribute("hidden", isLocked);
  },
};
