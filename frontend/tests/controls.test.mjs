// What the controls make of typed texts, without a page.

import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const bundle = path.join(here, "..", "..", ".cache", "frontend", "parts.mjs");
const { bare, below, dayOf, faultIn, grouped, inWords, joined, partsBy, readParts, search, workedOut, writeParts } = await import(pathToFileURL(bundle).href);

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

const REGIONS = [
  ["北京市", [["北京市", ["东城区", "朝阳区"]]]],
  ["江苏省", [["南京市", ["玄武区", "鼓楼区"]], ["苏州市", ["昆山市"]]]],
  ["广东省", [["深圳市", ["南山区"]], ["东莞市", ["长安镇"]]]],
  ["湖北省", [["武汉市", []], ["仙桃市", []]]],
  ["内蒙古自治区", [["呼和浩特市", ["新城区"]]]],
];

test("a whole address is taken apart, however its places are named", () => {
  const right = {
    "江苏省南京市玄武区中山路1号": "江苏省|南京市|玄武区|中山路1号",
    "江苏南京玄武中山路 1 号 3/4": "江苏省|南京市|玄武区|中山路 1 号 3/4",
    "江苏省 昆山市 人民路8号": "江苏省|苏州市|昆山市|人民路8号",
    "北京市朝阳区建国路88号": "北京市|北京市|朝阳区|建国路88号",
    "北京市北京市朝阳区": "北京市|北京市|朝阳区|",
    "昆山市人民路8号": "江苏省|苏州市|昆山市|人民路8号",
    "深圳市南山区科技园": "广东省|深圳市|南山区|科技园",
    "湖北仙桃大道3号": "湖北省|仙桃市||大道3号",
    "内蒙古呼和浩特新城区": "内蒙古自治区|呼和浩特市|新城区|",
    "中山路1号": "|||中山路1号",
    "Main Street 1": "|||Main Street 1",
  };
  for (const [line, parts] of Object.entries(right)) {
    const { province, city, district, street } = partsBy(REGIONS, line);
    assert.equal([province, city, district, street].join("|"), parts, line);
  }
});

test("what an address is sent as is read back as its parts", () => {
  for (const line of ["江苏省南京市玄武区中山路1号", "北京市朝阳区", "仓库 3/4 号", ""]) {
    const parts = partsBy(REGIONS, line);
    assert.deepEqual(readParts(writeParts(parts)), parts, line);
    assert.equal(joined(parts), line);
  }
});

test("places are found by any part of their path, the nearest first", () => {
  assert.deepEqual(search(REGIONS, "南京")[0], ["江苏省", "南京市"]);
  assert.deepEqual(search(REGIONS, "南京玄武")[0], ["江苏省", "南京市", "玄武区"]);
  assert.deepEqual(search(REGIONS, "江苏")[0], ["江苏省"]);
  assert.deepEqual(search(REGIONS, "没有"), []);
  assert.deepEqual(below(REGIONS, ["江苏省"]), ["南京市", "苏州市"]);
});

test("what is wrong with JSON has its place", () => {
  for (const text of ["", " ", '{"a": [1, -0.5e3, true, null, "\\u00e9"]}', "[]", "{}"]) assert.equal(faultIn(text), null, text);
  const wrong = { '{"a": 1,}': [1, 9], "[1 2]": [1, 4], "{a: 1}": [1, 2], '{"a": 1,\n "a": 2}': [2, 2], "01": [1, 2], "NaN": [1, 1], '"a': [1, 1] };
  for (const [text, [line, column]] of Object.entries(wrong)) {
    const fault = faultIn(text);
    assert.deepEqual([fault.line, fault.column], [line, column], text);
  }
});
