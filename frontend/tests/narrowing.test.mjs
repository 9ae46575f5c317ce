// Which pages of the command palette fit what is typed.

import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const bundle = path.join(here, "..", "..", ".cache", "frontend", "parts.mjs");
const { standing } = await import(pathToFileURL(bundle).href);

test("a label that begins with the text stands first, then one that has its words, then pinyin", () => {
  assert.equal(standing("销售", "销售订单", "xsdd sdd dd d"), 0);
  assert.equal(standing("订单 销售", "销售订单", "xsdd sdd dd d"), 1);
  assert.equal(standing("dd", "销售订单", "xsdd sdd dd d"), 2);
  assert.equal(standing("XS DD", "销售订单", "xsdd sdd dd d"), 2);
  assert.equal(standing("ord", "Sales order", ""), 1);
});

test("everything fits nothing, and what does not fit is left out", () => {
  assert.equal(standing("  ", "Sales order", ""), 0);
  assert.equal(standing("sd d", "Sales order", ""), null);
  assert.equal(standing("zzz", "销售订单", "xsdd sdd dd d"), null);
});

test("width and case do not matter", () => {
  assert.equal(standing("ＳＡＬＥＳ", "Sales order", ""), 0);
});
