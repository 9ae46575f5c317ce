// An address in two inputs: the region, typed or walked through from province to district, and the street.
// What is pasted whole into either is taken apart. The form sends one text, as without this script.

import type { Control } from "orderkit/controls/control";
import { below, joined, NOWHERE, type Parts, partsBy, readParts, type Regions, search, writeParts } from "orderkit/controls/regions";

const parts = new WeakMap<HTMLElement, Parts>();
const paths = new WeakMap<HTMLElement, string[]>();
// Where Enter was pressed before the names of places were there: what it meant is chosen once they are.
const entered = new WeakSet<HTMLElement>();
let loading: Promise<Regions> | null = null;
let regions: Regions = [];

function load(address: string): Promise<Regions> {
  loading ??= fetch(address)
    .then((answer) => answer.json() as Promise<Regions>)
    .then((found) => (regions = found))
    .catch(() => {
      loading = null;
      return [];
    });
  return loading;
}

function wholeOf(root: HTMLElement): HTMLInputElement {
  return root.querySelector<HTMLInputElement>("[data-address-whole]")!;
}

function regionOf(root: HTMLElement): HTMLInputElement | null {
  return root.querySelector<HTMLInputElement>("[role=combobox]");
}

function streetOf(root: HTMLElement): HTMLInputElement | null {
  return root.querySelector<HTMLInputElement>("[data-address-street]");
}

function listOf(root: HTMLElement): HTMLElement {
  return root.querySelector<HTMLElement>("[role=listbox]")!;
}

function partsOf(root: HTMLElement): Parts {
  return parts.get(root) ?? NOWHERE;
}

function pathOf({ province, city, district }: Parts): string[] {
  return [province, city === province ? "" : city, district].filter(Boolean);
}

// Shows the parts; what somebody is typing stays as it is.
function draw(root: HTMLElement, value: Parts): void {
  parts.set(root, value);
  wholeOf(root).value = writeParts(value);
  const [region, street] = [regionOf(root), streetOf(root)];
  if (region) region.value = pathOf(value).join(" / ");
  if (street && street.value !== value.street) street.value = value.street;
}

function set(root: HTMLElement, value: Parts): void {
  draw(root, value);
  wholeOf(root).dispatchEvent(new Event("change", { bubbles: true }));
}

function hide(root: HTMLElement): void {
  listOf(root).hidden = true;
  listOf(root).replaceChildren();
  regionOf(root)?.setAttribute("aria-expanded", "false");
  regionOf(root)?.removeAttribute("aria-activedescendant");
}

function mark(root: HTMLElement, option: Element | null | undefined): void {
  for (const each of listOf(root).children) each.setAttribute("aria-selected", String(each === option));
  if (!option) return regionOf(root)?.removeAttribute("aria-activedescendant");
  regionOf(root)?.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function option(root: HTMLElement, path: string[], text: string, hasMore: boolean): HTMLElement {
  const made = document.createElement("div");
  made.className = "picker-option";
  made.setAttribute("role", "option");
  made.id = `${listOf(root).id}-${listOf(root).childElementCount}`;
  made.dataset.path = path.join("/");
  made.textContent = text;
  made.classList.toggle("has-more", hasMore);
  listOf(root).append(made);
  return made;
}

function hasBelow(path: string[]): boolean {
  return path.length < 3 && below(regions, path).length > 0;
}

function offer(root: HTMLElement, typed: string): void {
  const list = listOf(root);
  list.replaceChildren();
  const path = paths.get(root) ?? [];
  const found = typed ? search(regions, typed) : below(regions, path).map((name) => [...path, name]);
  if (!typed && path.length) option(root, path.slice(0, -1), root.dataset.up ?? "", false).classList.add("is-up");
  for (const each of found) option(root, each, typed ? each.join(" / ") : each.at(-1)!, hasBelow(each));
  if (!found.length) {
    const none = document.createElement("div");
    none.className = "picker-none";
    none.textContent = (regions.length ? root.dataset.none : root.dataset.failed) ?? "";
    list.append(none);
  }
  list.hidden = false;
  regionOf(root)?.setAttribute("aria-expanded", "true");
  const here = pathOf(partsOf(root)).join("/");
  const chosen = [...list.children].find((each) => here && (each as HTMLElement).dataset.path === here);
  mark(root, typed ? list.firstElementChild : chosen ?? null);
}

async function open(root: HTMLElement, typed = ""): Promise<void> {
  await load(root.dataset.regions ?? "");
  const region = regionOf(root);
  if (document.activeElement !== region) return;
  offer(root, typed);
  if (region?.value.trim() !== typed || !entered.delete(root)) return;
  const meant = listOf(root).querySelector<HTMLElement>("[aria-selected=true]");
  if (meant) choose(root, meant);
}

// Whether something else stands in the input than what was chosen.
function isUnsettled(root: HTMLElement): boolean {
  return regionOf(root)?.value !== pathOf(partsOf(root)).join(" / ");
}

function choose(root: HTMLElement, chosen: HTMLElement): void {
  const path = (chosen.dataset.path ?? "").split("/").filter(Boolean);
  paths.set(root, path);
  if (chosen.classList.contains("is-up")) return offer(root, "");
  let [province = "", city = "", district = ""] = path;
  const only = below(regions, [province]);
  // A municipality is its own city: nobody has to choose it twice.
  if (!city && only.length === 1 && only[0] === province) {
    city = province;
    paths.set(root, [province, city]);
  }
  set(root, { ...partsOf(root), province, city, district });
  if (hasBelow(paths.get(root)!)) {
    offer(root, "");
    regionOf(root)?.select();
  } else {
    hide(root);
    streetOf(root)?.focus();
  }
}

function onKey(root: HTMLElement, event: KeyboardEvent): void {
  if (regionOf(root)?.readOnly) return;
  const list = listOf(root);
  const options = [...list.querySelectorAll<HTMLElement>("[role=option]")];
  const at = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden) void open(root);
    else if (options.length) mark(root, options[(at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length]);
  } else if (event.key === "Enter" && !list.hidden) {
    event.preventDefault();
    if (options[at]) choose(root, options[at]!);
  } else if (event.key === "Enter" && isUnsettled(root)) {
    event.preventDefault();
    entered.add(root);
  } else if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    event.stopPropagation();
    hide(root);
    draw(root, partsOf(root));
  }
}

async function pasted(root: HTMLElement, event: ClipboardEvent): Promise<void> {
  const text = (event.clipboardData?.getData("text/plain") ?? "").trim();
  const input = event.target as HTMLInputElement;
  // A word within a street is no address.
  if (!text || input.readOnly || (input.value && input.selectionStart !== 0)) return;
  event.preventDefault();
  const found = partsBy(await load(root.dataset.regions ?? ""), text);
  const known = partsOf(root);
  hide(root);
  if (found.province || found.city) set(root, { ...found, street: found.street || known.street });
  else set(root, { ...known, street: found.street });
  streetOf(root)?.focus();
}

function begin(root: HTMLElement): void {
  const whole = wholeOf(root);
  const template = root.querySelector<HTMLTemplateElement>("[data-address-parts]");
  if (!template) return;
  root.append(template.content.cloneNode(true));
  const [region, street] = [regionOf(root)!, streetOf(root)!];
  region.id = whole.id;
  whole.removeAttribute("id");
  whole.type = "hidden";
  draw(root, readParts(whole.value));
  region.addEventListener("focus", () => {
    void load(root.dataset.regions ?? "");
    region.select();
  });
  const begun = (): void => {
    const path = pathOf(partsOf(root));
    paths.set(root, partsOf(root).district ? [partsOf(root).province, partsOf(root).city].filter(Boolean) : path);
    void open(root);
  };
  region.addEventListener("click", () => listOf(root).hidden && !region.readOnly && begun());
  region.addEventListener("input", (event) => {
    event.stopPropagation();
    entered.delete(root);
    if (!region.value.trim()) {
      paths.set(root, []);
      set(root, { ...partsOf(root), province: "", city: "", district: "" });
    }
    void open(root, region.value.trim());
  });
  region.addEventListener("change", (event) => event.stopPropagation());
  region.addEventListener("keydown", (event) => onKey(root, event));
  region.addEventListener("blur", () => {
    entered.delete(root);
    hide(root);
    draw(root, partsOf(root));
  });
  // Pressed before the input loses the focus.
  listOf(root).addEventListener("mousedown", (event) => {
    event.preventDefault();
    const chosen = (event.target as Element).closest<HTMLElement>("[role=option]");
    if (chosen) choose(root, chosen);
  });
  street.addEventListener("input", () => {
    const value = { ...partsOf(root), street: street.value };
    parts.set(root, value);
    whole.value = writeParts(value);
  });
  for (const input of [region, street]) input.addEventListener("paste", (event) => void pasted(root, event));
}

export const control: Control = {
  name: "address",
  start: begin,
  text: (root) => wholeOf(root).value,
  fill(root, text) {
    if (root.contains(document.activeElement)) return;
    draw(root, readParts(text));
  },
  async take(root, text) {
    draw(root, partsBy(await load(root.dataset.regions ?? ""), text));
  },
  shown: (root) => joined(partsOf(root)),
  focusable: (root) => (regionOf(root)?.readOnly ? null : regionOf(root)),
  lock(root, isLocked) {
    for (const input of [regionOf(root), streetOf(root)]) if (input) input.readOnly = isLocked;
  },
};
