// What is left out of the styles, and what must not be.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pruned } from "../pruning.mjs";

const words = new Set(["card", "btn", "status-"]);

test("rules of classes that nobody names go, with what stands around them", () => {
  assert.equal(pruned(".alert{a:b}.card{c:d}.card .alert,.btn{e:f}", words), ".card{c:d}.btn{e:f}");
  assert.equal(pruned("@media (min-width:1px){.alert{a:b}}@media print{.btn{a:b}.alert{c:d}}", words), "@media print{.btn{a:b}}");
});

test("what is named by its beginning, has no class, or says what an element is not, stays", () => {
  for (const css of [
    ".status-red{a:b}",
    ":root,[data-bs-theme=dark]{--a:b}",
    ".btn:not(.alert):hover{a:b}",
    "a:is(.alert,.btn){a:b}",
    '.btn::after{content:"}.alert{"}',
    "@font-face{a:b}",
    "@keyframes alert{from{a:b}to{c:d}}",
    '.btn{background:url("data:image/svg+xml,%3csvg a=\'{\'%3e")}',
  ])
    assert.equal(pruned(css, words), css);
});

test("statements and comments between rules confuse nothing", () => {
  assert.equal(pruned('@charset "UTF-8";/*! .a{ */.btn{a:b}/* x */.alert{c:d}', words), '@charset "UTF-8";.btn{a:b}');
});

test("escaped names are read as they are meant", () => {
  assert.equal(pruned(".w-1\\/2{a:b}", new Set(["w-1/2"])), ".w-1\\/2{a:b}");
});
