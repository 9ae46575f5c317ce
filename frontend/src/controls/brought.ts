// Controls that installed plugins bring: modules, each loaded when the first field that names it stands on a
// page. Until then, and where it fails, the input within is what the field is filled in with.

import type { Control } from "./control";
import { plain } from "./plain";

// Whatever HTML gets onto a page may name nothing but what the server has as a script.
const SCRIPT = /^\/static\/field-[\w.]+\.js$/;

const known = new Map<string, Control>();
const coming = new Map<string, Promise<Control>>();

/** Returns the control of a root whose script has come. */
export function brought(root: HTMLElement): Control | undefined {
  return known.get(root.dataset.script ?? "");
}

async function load(address: string): Promise<Control> {
  if (!SCRIPT.test(address)) throw new Error(`no script of a control: ${address}`);
  const { control } = (await import(address)) as { control: Partial<Control> };
  const whole = { ...plain, ...control };
  known.set(address, whole);
  return whole;
}

/** Loads the script that a root names, once for all of them, and starts it there. */
export async function bring(root: HTMLElement): Promise<void> {
  const address = root.dataset.script ?? "";
  const found = coming.get(address) ?? load(address);
  coming.set(address, found);
  try {
    (await found).start?.(root);
  } catch (fault) {
    if (!known.has(address)) coming.delete(address);
    console.error(root.dataset.control, fault);
  }
}
