// Whether an expression reads only what a page holds, judged as `orderkit.model.locality` judges it.

import { NAMES } from "./functions";
import { own } from "./records";
import { kindOf, type Tree } from "./trees";
import { KINDS } from "./values/values";

export interface OnPage {
  // Names that stand for a record or a value of the page.
  roots: string[];
  // Of each form, the fields and collections that a record of the page shows.
  fields: { [form: string]: string[] };
  // The field of a line that names its parent, which is on the page as well.
  parents: { [form: string]: string };
}

const FUNCTIONS: ReadonlySet<string> = new Set(NAMES);

export function isLocal(tree: Tree, page: OnPage, bound: ReadonlySet<string> = new Set()): boolean {
  const local = (each: Tree | null | undefined): boolean => !each || isLocal(each, page, bound);
  switch (tree.is) {
    case "Literal":
      return true;
    case "Root":
      return KINDS.has(tree.type.is) && (bound.has(tree.name) || page.roots.includes(tree.name));
    case "Get":
      // Parts of an address and members of outside data are where the whole is.
      if (["Address", "Json"].includes(kindOf(tree.base).is)) return local(tree.base);
      return KINDS.has(tree.type.is) && isShown(tree, page) && isHeld(tree.base, page, bound);
    case "Unary":
    case "IsEmpty":
      return local(tree.operand);
    case "Binary":
      return local(tree.left) && local(tree.right);
    case "IfElse":
      return local(tree.test) && local(tree.then) && local(tree.otherwise);
    case "Items":
      return tree.items.every(local);
    case "Call":
      return FUNCTIONS.has(tree.function) && tree.arguments.every(local);
    case "Aggregate": {
      if (!isHeldCollection(tree.rows, page, bound)) return false;
      const inside = new Set([...bound, tree.row]);
      return [tree.value, tree.where].every((each) => !each || isLocal(each, page, inside));
    }
    case "Changed":
      return page.roots.includes("record");
    case "Template":
      return tree.parts.every((part) => !part.expression || (isPlain(part.expression) && local(part.expression)));
    default:
      return false;
  }
}

function isShown(tree: Tree & { is: "Get" }, page: OnPage): boolean {
  const form = kindOf(tree.base).form;
  return form !== undefined && (own(page.fields, form)?.includes(tree.field) ?? false);
}

// Whether the record itself is on the page, not only its id.
function isHeld(tree: Tree, page: OnPage, bound: ReadonlySet<string>): boolean {
  if (tree.is === "Root") return kindOf(tree).is === "Record" && isLocal(tree, page, bound);
  if (tree.is !== "Get") return false;
  const form = kindOf(tree.base).form;
  return form !== undefined && own(page.parents, form) === tree.field && isHeld(tree.base, page, bound);
}

function isHeldCollection(tree: Tree, page: OnPage, bound: ReadonlySet<string>): boolean {
  return tree.is === "Get" && kindOf(tree).is === "Rows" && isShown(tree, page) && isHeld(tree.base, page, bound);
}

// Labels of choices and titles of records are not on a page; data of any shape the server prints.
function isPlain(tree: Tree): boolean {
  const kind = kindOf(tree).is;
  return kind !== "Record" && kind !== "Json" && !(tree.is === "Get" && kind === "Choice");
}
