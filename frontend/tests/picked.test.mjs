// What is picked is added up exactly.

import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const bundle = path.join(here, "..", "..", ".cache", "frontend", "parts.mjs");
const { amountOf, sumOf } = await import(pathToFileURL(bundle).href);

test("sums are exact and have no needless zeros", () => {
  assert.equal(sumOf(["0.1", "0.2"]), "0.3");
  assert.equal(sumOf(["1.50", "2.50"]), "4");
  assert.equal(sumOf(["1,000", "10"]), "1010");
  assert.equal(sumOf([]), "0");
});

test("what is no number counts for nothing, and is not mistaken for zero", () => {
  assert.equal(sumOf(["x", "2"]), "2");
  assert.equal(amountOf("x"), undefined);
  assert.equal(amountOf("").isZero, true);
});
