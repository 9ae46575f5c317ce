// Answers questions line by line, one JSON value each: expressions with what a page holds, and a form as
// it is typed into. The tests in Python keep one of these running and compare its answers with the server's.

import path from "node:path";
import readline from "node:readline";
import { pathToFileURL } from "node:url";

const { LiveForm, NAMES, evaluate, isLocal, printed, readTyped } = await import(pathToFileURL(path.resolve(process.argv[2])).href);

const questions = {
  // One tree on many pages.
  evaluate: ({ tree, pages }) => pages.map((page) => evaluate(tree, page)),
  // One tree on one page, with many records in the place of `record`.
  each: ({ tree, page, roots }) => roots.map((record) => evaluate(tree, { ...page, roots: { ...page.roots, record } })),
  local: ({ trees, page }) => trees.map((tree) => isLocal(tree, page)),
  names: () => NAMES,
  read: ({ reader, text, scale }) => ({ value: readTyped(reader, text, scale) }),
  print: ({ reader, value, places, marks }) => printed(reader, value, places, marks),
  // Opens a form as a page does, and types into it: what follows, by the names of the page.
  open: ({ data }) => {
    touched.clear();
    form = new LiveForm(data, (name) => touched.has(name));
    return true;
  },
  type: ({ name, text }) => {
    touched.add(name);
    return told(form.typed([[name, text]]));
  },
  rows: ({ collection, rows }) =>
    told(form.rows(collection, rows.map((row) => ({ ...row, texts: new Map(Object.entries(row.texts)) })))),
  keep: ({ page }) => {
    kept = page;
    return true;
  },
};
let kept = null;
let form = null;
const touched = new Set();

function told({ values, states, isForServer }) {
  return { values: Object.fromEntries(values), states: Object.fromEntries(states), isForServer };
}

for await (const line of readline.createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { ask, ...question } = JSON.parse(line);
  const answer = questions[ask]({ page: kept, ...question });
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
