// What the controls make of typed texts, without a page.

import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const bundle = path.join(here, "..", "..", ".cache", "frontend", "parts.mjs");
const { bare, dayOf, grouped, inWords, workedOut } = await import(pathToFileURL(bundle).href);

test("thousands are put apart and together again", () => {
  for (const [plain, shown] of [["1234567.50", "1,234,567.50"], ["-1000", "-1,000"], ["999", "999"], ["", ""], ["0.12345", "0.12345"]]) {
    assert.equal(grouped(plain), shown);
    assert.equal(bare(shown), plain);
  }
  for (const text of ["abc", "1,5", "¥1,200", "12%"]) assert.equal(bare(grouped(text)), text);
});

test("sums are exact or stay as they are typed", () => {
  const right = { "=12*3": "36", "=0.1+0.2": "0.3", "=(1,000-1)/2": "499.5", "＝2×（3＋4）": "14", "=-5+2": "-3", "=1/8": "0.125" };
  for (const [typed, result] of Object.entries(right)) assert.equal(workedOut(typed), result, typed);
  for (const typed of ["12*3", "=", "=1/3", "=1/0", "=1+", "=(1", "=alert(1)", "=2**3", "=1 2", "=1..2"]) {
    assert.equal(workedOut(typed), undefined, typed);
  }
});

test("an amount is read in words", () => {
  assert.deepEqual(inWords("10,000.00"), { words: "壹万元整", isLarge: true });
  assert.equal(inWords("9999.99").isLarge, false);
  for (const text of ["", "abc", "9999999999999999"]) assert.equal(inWords(text).words, "", text);
});

test("days are read as people say them", () => {
  const today = "2026-02-27";
  const right = {
    今天: "2026-02-27", 明天: "2026-02-28", "+7": "2026-03-06", "-27": "2026-01-31", "+2周": "2026-03-13", 月底: "2026-02-28",
    "3-5": "2026-03-05", "0305": "2026-03-05", "3月5日": "2026-03-05", "３／５": "2026-03-05", 20250301: "2025-03-01", "2025年3月1日": "2025-03-01",
  };
  for (const [typed, day] of Object.entries(right)) assert.equal(dayOf(typed, today), day, typed);
  for (const typed of ["", "2-30", "0230", "13-1", "soon", "3-5-7-9", "<b>"]) assert.equal(dayOf(typed, today), undefined, typed);
});
