// What the evaluator of the browser promises by itself. That it agrees with the evaluators of the server
// is proved by tests/database/expressions, which ask all of them the same.

import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const bundle = path.join(here, "..", "..", ".cache", "frontend", "parts.mjs");
const { evaluate, isLocal } = await import(pathToFileURL(bundle).href);

const NUMBER = { is: "Number", scale: 2 };
const WHOLE = { is: "Number" };
const TEXT = { is: "Text" };
const DATE = { is: "Date" };
const BOOLEAN = { is: "Boolean" };
const ORDER = { is: "Record", form: "order" };

const number = (text, type = NUMBER) => ({ is: "Literal", value: { is: "Decimal", value: text }, type });
const text = (value) => ({ is: "Literal", value, type: TEXT });
const day = (value) => ({ is: "Literal", value: { is: "date", value }, type: DATE });
const nothing = (type) => ({ is: "Literal", value: null, type });
const record = { is: "Root", name: "record", type: ORDER };
const get = (field, type, base = record) => ({ is: "Get", base, field, type });
const binary = (left, operator, right, type) => ({ is: "Binary", operator, left, right, type });
const call = (name, type, ...given) => ({ is: "Call", function: name, arguments: given, type });
const lines = get("lines", { is: "Rows", form: "order.lines" });
const row = { is: "Root", name: "each1", type: { is: "Record", form: "order.lines" } };
const over = (name, value, type, where = null) => ({ is: "Aggregate", function: name, rows: lines, row: "each1", value, where, type });
const template = (...parts) => ({ is: "Template", parts });

const PAGE = {
  roots: { record: { form: "order", id: 1 }, value: "2.50" },
  records: {
    order: {
      1: {
        values: { code: "甲-1", total: "10.05", need_by: "2026-03-31", customer: 7, rate: "0.1500", urgent: true, note: null },
        rows: { lines: [-1, -2] },
      },
    },
    "order.lines": { [-1]: { values: { qty: "1.50" } }, [-2]: { values: { qty: null } } },
  },
  now: "2026-03-31T17:30:00+00:00",
  timezone: "Asia/Shanghai",
  changed: ["total"],
};

const answer = (tree, page = PAGE) => evaluate(tree, page);
const value = (tree) => {
  const found = answer(tree);
  assert.ok("value" in found, JSON.stringify(found));
  return found.value?.value ?? found.value;
};

test("numbers are exact where floats are not", () => {
  assert.equal(value(binary(number("0.1"), "+", number("0.2"), NUMBER)), "0.3");
  assert.equal(value(call("round", WHOLE, number("-0.5"))), "-1");
  assert.equal(value(call("round", NUMBER, number("1.005"))), "1.01");
});

test("a number that has no room is refused, at the very bound", () => {
  const most = "999999999999999999";
  assert.equal(value(binary(number(most, WHOLE), "+", number("0", WHOLE), WHOLE)), most);
  assert.deepEqual(answer(binary(number(most, WHOLE), "+", number("1", WHOLE), WHOLE)), { refused: "too_large" });
});

test("an operation on empty is empty, and a side that decides spares the other", () => {
  const fault = binary(call("number", NUMBER, text("x")), ">", number("1"), BOOLEAN);
  assert.deepEqual(answer(fault), { refused: "unreadable" });
  assert.equal(value(binary(number("1"), "+", nothing(NUMBER), NUMBER)), null);
  assert.equal(value(binary(binary(number("1"), ">", number("2"), BOOLEAN), "and", fault, BOOLEAN)), false);
  assert.equal(value(call("coalesce", TEXT, text("a"), call("text", TEXT, call("number", NUMBER, text("x"))))), "a");
});

test("characters count, not the units of UTF-16", () => {
  assert.equal(value(call("len", WHOLE, text("𠮷😀a"))), "3");
  assert.equal(value(call("upper", TEXT, text("straße ü"))), "STRAßE ü");
});

test("the day is that of the project's zone, wherever the browser is", () => {
  assert.equal(value(call("today", DATE)), "2026-04-01");
  assert.equal(answer(call("today", DATE), { ...PAGE, timezone: "America/New_York" }).value.value, "2026-03-31");
});

test("a clock that is put forward or back is read as the server reads it", () => {
  const at = (moment, timezone) => answer(call("datetime", { is: "DateTime" }, text(moment)), { ...PAGE, timezone }).value.value;
  assert.equal(at("2026-03-29 02:30", "Europe/Berlin"), "2026-03-29T01:30:00+00:00");
  assert.equal(at("2026-10-25 02:30", "Europe/Berlin"), "2026-10-25T00:30:00+00:00");
  assert.equal(at("2026-10-25 03:30", "Europe/Berlin"), "2026-10-25T02:30:00+00:00");
});

test("times of day have an order", () => {
  const page = { ...PAGE, roots: { ...PAGE.roots, opens: "08:30", closes: "17:30:00.500000" } };
  const root = (name) => ({ is: "Root", name, type: { is: "Time" } });
  assert.deepEqual(answer(binary(root("opens"), "<", root("closes"), BOOLEAN), page), { value: true });
  assert.equal(answer(call("greatest", { is: "Time" }, root("opens"), root("closes")), page).value.value, "17:30:00.500000");
  assert.deepEqual(answer(template({ text: "ab " }, { expression: root("opens") }), page), { value: "ab 08:30" });
  assert.deepEqual(answer(call("text", TEXT, root("closes")), page), { value: "17:30:00" });
});

test("spans have an order, a number of seconds and a text without what is nought", () => {
  const page = { ...PAGE, roots: { ...PAGE.roots, took: "93784", none: "0", odd: "1h" } };
  const span = { is: "Duration" };
  const root = (name) => ({ is: "Root", name, type: span });
  const hour = { is: "Literal", value: { is: "timedelta", value: [0, 3600, 0] }, type: span };
  assert.deepEqual(answer(binary(root("took"), ">", hour, BOOLEAN), page), { value: true });
  assert.equal(answer(call("least", span, root("took"), hour), page).value.value, 3600);
  assert.equal(answer(call("number", NUMBER, root("took")), page).value.value, "93784");
  assert.deepEqual(answer(call("text", TEXT, root("took")), page), { value: "1d2h3min4s" });
  assert.deepEqual(answer(call("text", TEXT, root("none")), page), { value: "0s" });
  assert.deepEqual(answer({ is: "IsEmpty", operand: root("none") }, page), { value: false });
  assert.ok("ask" in answer(root("odd"), page));
});

test("several values are looked for, counted and compared in their order", () => {
  const choice = { is: "Choice", options: ["a", "b"] };
  const [texts, people] = [{ is: "Many", of: choice }, { is: "Many", of: { is: "Record", form: "user" } }];
  const page = { ...PAGE, roots: { ...PAGE.roots, tags: ["a", "b"], turned: ["b", "a"], none: null, bare: [], watchers: [7, 9] } };
  const root = (name, type = texts) => ({ is: "Root", name, type });
  const on = (tree) => answer(tree, page).value;
  assert.equal(on(binary(text("b"), "in", root("tags"), BOOLEAN)), true);
  assert.equal(on(binary(text("c"), "in", root("tags"), BOOLEAN)), false);
  assert.equal(on(binary(nothing(TEXT), "in", root("tags"), BOOLEAN)), null);
  assert.equal(on(binary(call("number", NUMBER, text("x")), "in", root("none"), BOOLEAN)), false);
  assert.equal(on(binary(get("customer", { is: "Record", form: "user" }), "in", root("watchers", people), BOOLEAN)), true);
  assert.equal(on(binary(root("tags"), "==", root("turned"), BOOLEAN)), false);
  assert.equal(on(binary(root("tags"), "!=", root("none"), BOOLEAN)), null);
  assert.equal(on(call("len", WHOLE, root("tags"))).value, "2");
  for (const empty of [root("none"), root("bare")]) {
    assert.equal(on(call("len", WHOLE, empty)).value, "0");
    assert.equal(on({ is: "IsEmpty", operand: empty }), true);
  }
});

test("an address has parts, and is printed in one line", () => {
  const address = { is: "Address" };
  const page = { ...PAGE, roots: { ...PAGE.roots, to: "上海市|上海市||世纪大道1号", none: null } };
  const root = (name) => ({ is: "Root", name, type: address });
  const on = (tree) => answer(tree, page).value;
  assert.equal(on(get("street", TEXT, root("to"))), "世纪大道1号");
  assert.equal(on(get("district", TEXT, root("to"))), null);
  assert.equal(on(get("city", TEXT, root("none"))), null);
  assert.equal(on(template({ expression: root("to") }, { expression: root("none") })), "上海市世纪大道1号");
});

test("data from outside keeps every digit and is read as its place takes it", () => {
  const json = { is: "Json" };
  const data = '{"big":12345678901234567,"e":25e-1,"n":"1,234.50","t":"\\"1\\" 甲","yes":" TRUE\\n","list":[1,"1",null,[2]],"when":"2026-03-01T20:00:00Z","s1":""}';
  const page = { ...PAGE, roots: { ...PAGE.roots, data, empty: '""' } };
  const root = { is: "Root", name: "data", type: json };
  const of = (name, base = root) => get(name, json, base);
  const on = (tree) => answer(tree, page);
  const list = of("list");
  assert.equal(on(call("json_number", WHOLE, of("big"))).value.value, "12345678901234567");
  assert.equal(on(call("json_number", NUMBER, of("e"))).value.value, "2.50");
  assert.equal(on(call("json_number", NUMBER, of("n"))).value.value, "1234.50");
  assert.deepEqual(on(call("json_text", TEXT, of("t"))), { value: '"1" 甲' });
  assert.deepEqual(on(call("json_text", TEXT, of("e"))), { value: "2.5" });
  assert.deepEqual(on(call("json_boolean", BOOLEAN, of("yes"))), { value: true });
  assert.equal(on(call("json_date", DATE, of("when"))).value.value, "2026-03-02");
  assert.equal(on(call("json_datetime", { is: "DateTime" }, of("when"))).value.value, "2026-03-01T20:00:00+00:00");
  for (const missing of [of("none"), of("s1"), of("9", list), of("-1", list), of("x", of("big")), of("__proto__")]) {
    assert.deepEqual(on({ is: "IsEmpty", operand: missing }), { value: true });
  }
  assert.deepEqual(on({ is: "IsEmpty", operand: { is: "Root", name: "empty", type: json } }), { value: true });
  assert.deepEqual(on(binary(number("1"), "in", list, BOOLEAN)), { value: true });
  assert.deepEqual(on(binary(text("1"), "in", list, BOOLEAN)), { value: true });
  assert.deepEqual(on(binary(text("2"), "in", list, BOOLEAN)), { value: null });
  assert.deepEqual(on(binary(text("1"), "in", of("n"), BOOLEAN)), { value: false });
  for (const unreadable of [call("json_text", TEXT, list), call("json_number", NUMBER, of("t")), call("json_boolean", BOOLEAN, of("e"))]) {
    assert.deepEqual(on(unreadable), { refused: "unreadable" });
  }
  assert.deepEqual(on(list), { value: { is: "json", value: '[1,"1",null,[2]]' } });
  assert.ok("ask" in answer(root, { ...page, roots: { ...page.roots, data: "{broken" } }));
});

test("what is widened has less room, and both sides are looked at", () => {
  const large = number("100000000000000", WHOLE);
  const fine = { is: "Number", scale: 6 };
  const whole = { is: "IfElse", test: { is: "Literal", value: true, type: BOOLEAN }, then: large, otherwise: number("0.5", fine), type: fine };
  assert.deepEqual(answer(whole), { refused: "too_large" });
  assert.deepEqual(answer(call("coalesce", fine, large, number("0.5", fine))), { refused: "too_large" });
  assert.deepEqual(answer(binary(large, ">", number("0.5", fine), BOOLEAN)), { value: true });
  const fault = call("number", NUMBER, text("x"));
  assert.deepEqual(answer(binary(nothing(NUMBER), "+", fault, NUMBER)), { refused: "unreadable" });
  const items = (...found) => ({ is: "Items", items: found, type: { is: "ListOf", of: NUMBER } });
  assert.deepEqual(answer(binary(number("1"), "in", items(number("1"), fault), BOOLEAN)), { value: true });
  assert.deepEqual(answer(binary(number("1"), "in", items(fault, number("1")), BOOLEAN)), { refused: "unreadable" });
});

test("of rows that are not the first, only the condition is looked at", () => {
  const one = { is: "Aggregate", function: "first", rows: lines, row: "each1", value: get("qty", NUMBER, row), where: null, type: NUMBER };
  const page = { ...PAGE, records: { ...PAGE.records, "order.lines": { [-1]: { values: { qty: "2.00" } }, [-2]: { values: {} } } } };
  assert.equal(answer(one, page).value.value, "2.00");
  assert.ok("ask" in answer({ ...one, function: "last" }, page));
});

test("rows of the page are taken together, unsaved ones among them", () => {
  assert.equal(value(over("sum", get("qty", NUMBER, row), NUMBER)), "1.50");
  assert.equal(value(over("count", null, WHOLE)), "2");
  assert.equal(value(over("all", binary(get("qty", NUMBER, row), ">", number("0"), BOOLEAN), BOOLEAN)), false);
});

test("a calendar with holidays and days worked instead", () => {
  const tree = call("workdays_between", WHOLE, day("2026-09-30"), day("2026-10-11"));
  const calendar = { week: [1, 2, 3, 4, 5], holidays: ["2026-10-01", "2026-10-02", "2026-10-05"], workdays: ["2026-10-10"] };
  assert.equal(value(tree), "7");
  assert.equal(answer(tree, { ...PAGE, calendar }).value.value, "5");
});

test("what the page does not hold is asked from the server, which is no refusal and no empty value", () => {
  const customer = get("customer", { is: "Record", form: "customer" });
  for (const tree of [
    get("name", TEXT, customer),
    get("missing", TEXT),
    { is: "Root", name: "old", type: ORDER },
    { is: "Find", form: "customer", row: "each1", where: text(""), by: null, type: ORDER },
    call("balance", NUMBER),
    template({ expression: customer }),
    get("sku", { is: "Json" }, { is: "Root", name: "row", type: { is: "Json" } }),
  ]) {
    assert.ok("ask" in answer(tree), JSON.stringify(tree));
  }
  assert.equal(value(binary(customer, "==", { is: "Literal", value: 7, type: { is: "Record", form: "customer" } }, BOOLEAN)), true);
});

test("names of the place and what a write changes", () => {
  assert.equal(value(binary({ is: "Root", name: "value", type: NUMBER }, ">", number("2"), BOOLEAN)), true);
  assert.equal(value({ is: "Changed", field: "total" }), true);
  assert.equal(value({ is: "Changed", field: "code" }), false);
});

test("a template prints as people read", () => {
  const tree = template(
    { expression: get("code", TEXT) },
    { text: " " },
    { expression: get("total", { is: "Number", scale: 4, currency: "CNY" }) },
    { text: " " },
    { expression: get("rate", { is: "Number", scale: 4, is_ratio: true }) },
    { expression: get("need_by", DATE), format: " %y%m%d W%V" },
    { expression: get("note", TEXT) },
    { expression: get("urgent", BOOLEAN) },
  );
  assert.equal(value(tree), "甲-1 10.0500 15% 260331 W14是");
});

test("a text cannot grow without end", () => {
  let tree = text("0123456789");
  for (let times = 0; times < 20; times += 1) tree = call("concat", TEXT, tree, tree);
  assert.deepEqual(answer(tree), { refused: "too_long" });
});

test("rows within rows cannot be visited without end", () => {
  const many = { values: {}, rows: { lines: Array.from({ length: 2000 }, () => 1) } };
  const page = { ...PAGE, records: { order: { 1: many }, "order.lines": { 1: { values: {} } } } };
  const tree = over("sum", { ...over("count", null, WHOLE), row: "each2" }, WHOLE);
  assert.deepEqual(answer(tree, page), { refused: "too_many_rows" });
});

test("source text is never run", () => {
  assert.ok("ask" in answer({ is: "Script", source: "process.exit(1)" }));
  assert.ok("ask" in answer(call("constructor", TEXT, text("return 1"))));
});

test("what is local is judged before anything is evaluated", () => {
  const page = { roots: ["record"], fields: { order: ["total", "lines", "customer"], "order.lines": ["qty", "order"] }, parents: { "order.lines": "order" } };
  assert.equal(isLocal(over("sum", get("qty", NUMBER, row), NUMBER), page), true);
  assert.equal(isLocal(over("sum", get("total", NUMBER, get("order", ORDER, row)), NUMBER), page), true);
  assert.equal(isLocal(get("name", TEXT, get("customer", { is: "Record", form: "customer" })), page), false);
  assert.equal(isLocal(call("balance", NUMBER), page), false);
  assert.equal(isLocal(get("total", { is: "Duration" }), page), true);
  assert.equal(isLocal(get("total", { is: "Rows", form: "order" }), page), false);
  assert.equal(isLocal(get("city", TEXT, get("total", { is: "Address" })), page), true);
  assert.equal(isLocal(get("sku", { is: "Json" }, get("total", { is: "Json" })), page), true);
  assert.equal(isLocal(get("sku", { is: "Json" }, { is: "Root", name: "row", type: { is: "Json" } }), page), false);
  assert.equal(isLocal(template({ expression: get("total", { is: "Json" }) }), page), false);
});
