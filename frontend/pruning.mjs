// Leaves out of Tabler's styles what no template and no script can ever name: of its 600 kilobytes that is most, and
// a phone reads all of them before it draws anything. A class counts as named when its name stands anywhere in
// the sources as a word; a word that ends in `-`, as in `status-{{ … }}`, names all that begin with it.

import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

const SOURCE = /\.(html|py|ts)$/;
const UNREAD = new Set(["static", "__pycache__"]);
const WORD = /[A-Za-z_][\w-]*/g;
const CLASS = /\.((?:[\w-]|\\.)+)/g;
const WITHIN = /^@(media|supports|layer|container)\b/;

/** Returns the words of all sources in these folders. */
export async function wordsIn(folders) {
  const words = new Set();
  for (const folder of folders) {
    for (const each of await readdir(folder, { withFileTypes: true })) {
      const place = path.join(folder, each.name);
      if (each.isDirectory()) {
        if (!UNREAD.has(each.name)) for (const word of await wordsIn([place])) words.add(word);
      } else if (SOURCE.test(each.name)) for (const word of (await readFile(place, "utf8")).match(WORD) ?? []) words.add(word);
    }
  }
  return words;
}

/** Returns where the text of a string, a comment or a bracket that begins at `at` is over. */
function over(css, at) {
  const opens = css[at];
  if (opens === '"' || opens === "'") {
    for (at += 1; at < css.length && css[at] !== opens; at += 1) if (css[at] === "\\") at += 1;
    return at + 1;
  }
  if (opens === "\\") return at + 2;
  if (opens === "/" && css[at + 1] === "*") return css.indexOf("*/", at + 2) + 2;
  const closes = { "(": ")", "[": "]", "{": "}" }[opens];
  if (!closes) return at + 1;
  for (at += 1; at < css.length && css[at] !== closes; ) at = over(css, at);
  return at + 1;
}

function selectorsOf(head) {
  const found = [];
  let from = 0;
  for (let at = 0; at < head.length; at = over(head, at)) {
    if (head[at] === ",") {
      found.push(head.slice(from, at));
      from = at + 1;
    }
  }
  return [...found, head.slice(from)];
}

function plain(selector) {
  let found = "";
  for (let at = 0; at < selector.length; ) {
    const next = over(selector, at);
    // What stands in brackets may be what an element is not, so it says nothing about who is meant.
    if (!"([".includes(selector[at])) found += selector.slice(at, next);
    at = next;
  }
  return found;
}

/** Returns a style sheet without the rules whose classes are none of `words`. */
export function pruned(css, words) {
  const beginnings = [...words].filter((word) => word.endsWith("-"));
  const isNamed = (name) => words.has(name) || beginnings.some((each) => name.startsWith(each));
  const isMeant = (selector) => [...plain(selector).matchAll(CLASS)].every(([, name]) => isNamed(name.replaceAll("\\", "")));
  const within = (text) => {
    let kept = "";
    let from = 0;
    for (let at = 0; at < text.length; ) {
      const next = over(text, at);
      if (text[at] === "/" && text[at + 1] === "*") {
        if (!text.slice(from, at).trim()) from = next;
      } else if (text[at] === ";") {
        kept += text.slice(from, next);
        from = next;
      } else if (text[at] === "{") {
        const head = text.slice(from, at).trim();
        const body = text.slice(at + 1, next - 1);
        if (WITHIN.test(head)) {
          const inner = within(body);
          if (inner) kept += `${head}{${inner}}`;
        } else if (head.startsWith("@")) kept += `${head}{${body}}`;
        else {
          const meant = selectorsOf(head).filter(isMeant);
          if (meant.length) kept += `${meant.join(",")}{${body}}`;
        }
        from = next;
      }
      at = next;
    }
    return kept;
  };
  return within(css);
}
