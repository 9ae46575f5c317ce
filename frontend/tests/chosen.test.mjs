// What is chosen belongs to a list, not to one of its pages.

import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const bundle = path.join(here, "..", "..", ".cache", "frontend", "parts.mjs");
const { chosenWith, listOf } = await import(pathToFileURL(bundle).href);

test("the pages of a list are one list, other filters are another", () => {
  const first = listOf("https://shop.example/forms/order?f.state=open&sort=total");
  assert.equal(listOf("https://shop.example/forms/order?sort=total&cursor=abc&f.state=open"), first);
  assert.notEqual(listOf("https://shop.example/forms/order?f.state=done&sort=total"), first);
  assert.notEqual(listOf("https://shop.example/forms/product?f.state=open&sort=total"), first);
});

test("a page settles its own ticks and leaves those of other pages", () => {
  const ticks = [{ value: "1", checked: true }, { value: "2", checked: false }];
  assert.deepEqual([...chosenWith(new Set(["2", "9"]), ticks)].sort(), ["1", "9"]);
});
