// The home page asks for the records that this browser remembers; `pages/home_records.py` names them.

import { recentRecords } from "./recent";

export function startHome(): void {
  const place = document.getElementById("home-records");
  if (!place) return;
  place.addEventListener("htmx:configRequest", (event) => {
    const person = document.querySelector<HTMLElement>("[data-person]")?.dataset.person ?? "";
    const { parameters } = (event as CustomEvent<{ parameters: Record<string, unknown> }>).detail;
    parameters.recent = recentRecords(person);
  });
}
