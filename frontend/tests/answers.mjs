// Answers questions line by line, one JSON value each: expressions with what a page holds. The tests in
// Python keep one of these running and compare its answers with those of the other evaluators.

import path from "node:path";
import readline from "node:readline";
import { pathToFileURL } from "node:url";

const { NAMES, evaluate, isLocal } = await import(pathToFileURL(path.resolve(process.argv[2])).href);

const questions = {
  // One tree on many pages.
  evaluate: ({ tree, pages }) => pages.map((page) => evaluate(tree, page)),
  // One tree on one page, with many records in the place of `record`.
  each: ({ tree, page, roots }) => roots.map((record) => evaluate(tree, { ...page, roots: { ...page.roots, record } })),
  local: ({ trees, page }) => trees.map((tree) => isLocal(tree, page)),
  names: () => NAMES,
  keep: ({ page }) => {
    kept = page;
    return true;
  },
};
let kept = null;

for await (const line of readline.createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { ask, ...question } = JSON.parse(line);
  const answer = questions[ask]({ page: kept, ...question });
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
