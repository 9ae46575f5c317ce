// Blocks as spreadsheets put them on the clipboard are read, and written so that they read the same.

import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const bundle = path.join(here, "..", "..", ".cache", "frontend", "parts.mjs");
const { readBlock, writeBlock } = await import(pathToFileURL(bundle).href);

test("what one cell holds is a text, not a block", () => {
  assert.equal(readBlock("12"), null);
  assert.equal(readBlock("12\r\n"), null);
  assert.equal(readBlock('5" pipe'), null);
});

test("tabs and line ends within quotes belong to the cell", () => {
  assert.deepEqual(readBlock('"a\tb"\t"say ""hi"""\r\n\t"two\nlines"\r\n'), [["a\tb", 'say "hi"'], ["", "two\nlines"]]);
});

test("a quote that closes nothing is a letter", () => {
  assert.deepEqual(readBlock('"open\tb\n5 "x\tc'), [['"open', "b"], ['5 "x', "c"]]);
});

test("empty cells at the end of a row are cells", () => {
  assert.deepEqual(readBlock("a\t\n\t\n"), [["a", ""], ["", ""]]);
});

test("what is written is read again", () => {
  const rows = [['a"b', "c\td"], ["e\nf", ""], ["", "g"]];
  assert.deepEqual(readBlock(writeBlock(rows)), rows);
});
