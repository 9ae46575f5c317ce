// The evaluator of the browser: it walks the tree that the server compiled. It gives the answers of the
// server's own evaluators, or says that only the server can answer.

import { aggregated } from "./aggregates";
import { Decimal } from "./values/decimals";
import { AskServer, Refused, type Reason } from "./failures";
import { ALIKE, called, STOPS_EARLY } from "./functions";
import { Page, type PageData } from "./records";
import { addressPart, joined, printed } from "./texts";
import { kindOf, scaleOf, type Aggregate, type Json, type Kind, type Tree } from "./trees";
import { Data } from "./values/outside";
import { compared, decoded, encoded, isEmpty, isEqual, isReference, type Value } from "./values/values";

const MAX_ROWS = 1_000_000;

export type Answer = { value: Json } | { refused: Reason } | { ask: string };

type Names = ReadonlyMap<string, Value>;

export function evaluate(tree: Tree, data: PageData): Answer {
  try {
    return { value: encoded(new Evaluation(new Page(data)).value(tree, new Map())) };
  } catch (fault) {
    if (fault instanceof Refused) return { refused: fault.reason };
    if (fault instanceof AskServer) return { ask: fault.message };
    throw fault;
  }
}

class Evaluation {
  private rowsLeft = MAX_ROWS;

  constructor(private readonly page: Page) {}

  value(tree: Tree, names: Names): Value {
    switch (tree.is) {
      case "Literal":
        return decoded(tree.value, tree.type, this.page.zone);
      case "Root":
        return names.has(tree.name) ? (names.get(tree.name) ?? null) : this.page.root(tree.name, tree.type);
      case "Get":
        return this.part(tree, this.value(tree.base, names));
      case "Unary":
        return this.unary(tree.operator, this.value(tree.operand, names));
      case "Binary":
        return this.binary(tree, names);
      case "IsEmpty":
        return isEmpty(this.value(tree.operand, names));
      case "IfElse":
        return widened(this.value(this.value(tree.test, names) === true ? tree.then : tree.otherwise, names), tree.type);
      case "Items":
        return tree.items.map((item) => this.value(item, names));
      case "Call":
        return this.call(tree, names);
      case "Aggregate":
        return this.aggregate(tree, names);
      case "Changed":
        return this.page.changed.includes(tree.field);
      case "Template":
        return this.template(tree, names);
      default:
        throw new AskServer(`only the server evaluates ${tree.is}`);
    }
  }

  private unary(operator: string, value: Value): Value {
    if (operator === "not") return value === null ? null : !value;
    return value instanceof Decimal ? value.negative() : null;
  }

  // A field of a record, a part of an address, a member of outside data.
  private part(tree: Tree & { is: "Get" }, base: Value): Value {
    if (base instanceof Data) return base.member(tree.field);
    if (kindOf(tree.base).is === "Address") return addressPart(base, tree.field);
    return this.page.field(base, tree.field, tree.type);
  }

  private call(tree: Tree & { is: "Call" }, names: Names): Value {
    const [first] = tree.arguments;
    if (tree.function !== "len" || !first || kindOf(first).is !== "Many") {
      return called(tree.function, this.argumentsOf(tree, names), tree.type, this.page);
    }
    // Nothing among several values is no value at all, and counts 0.
    const values = this.value(first, names);
    return Decimal.whole(Array.isArray(values) ? values.length : 0);
  }

  private argumentsOf(tree: Tree & { is: "Call" }, names: Names): Value[] {
    const found: Value[] = [];
    for (const argument of tree.arguments) {
      const value = this.value(argument, names);
      found.push(ALIKE.has(tree.function) ? widened(value, tree.type) : value);
      if (STOPS_EARLY.has(tree.function) && !isEmpty(value)) break;
    }
    return found;
  }

  private binary(tree: Tree & { is: "Binary" }, names: Names): Value {
    if (tree.operator === "in") return this.member(tree, names);
    const left = this.value(tree.left, names);
    if (tree.operator === "and" || tree.operator === "or") {
      return this.logical(tree.operator === "or", left, () => this.value(tree.right, names));
    }
    // Both sides are looked at, as databases do, so that what one refuses is not hidden by the other.
    const right = this.value(tree.right, names);
    if (isEmpty(left) || isEmpty(right)) return null;
    switch (tree.operator) {
      case "==":
        return isEqual(left, right);
      case "!=":
        return !isEqual(left, right);
      case "<":
        return compared(left, right) < 0;
      case "<=":
        return compared(left, right) <= 0;
      case ">":
        return compared(left, right) > 0;
      case ">=":
        return compared(left, right) >= 0;
    }
    if (typeof left === "string" && typeof right === "string") return joined([left, right]);
    if (!(left instanceof Decimal) || !(right instanceof Decimal)) throw new AskServer("not numbers");
    return calculated(tree.operator, left, right)?.bounded(scaleOf(tree.type)) ?? null;
  }

  // `decisive` is the answer that one side alone decides: false of `and`, true of `or`.
  private logical(decisive: boolean, left: Value, rest: () => Value): Value {
    if (left === decisive) return decisive;
    const right = rest();
    if (right === decisive) return decisive;
    return left === null || right === null ? null : !decisive;
  }

  // Nothing is asked of what holds nothing.
  private member(tree: Tree & { is: "Binary" }, names: Names): Value {
    if (tree.right.is === "Items") return this.listed(tree.left, tree.right.items, names);
    const items = this.value(tree.right, names);
    if (items instanceof Data ? !items.hasItems : !Array.isArray(items) || !items.length) return false;
    const value = this.value(tree.left, names);
    if (isEmpty(value)) return null;
    if (items instanceof Data) return items.holds((each) => isEqual(each, value));
    return Array.isArray(items) && items.some((item) => isEqual(item, value));
  }

  // `x in [a, b]` is `x == a or x == b`.
  private listed(left: Tree, items: Tree[], names: Names): Value {
    if (!items.length) return false;
    const value = this.value(left, names);
    let isUnknown = isEmpty(value);
    for (const each of items) {
      const item = this.value(each, names);
      if (isEmpty(item)) isUnknown = true;
      else if (isEqual(item, value)) return true;
    }
    return isUnknown ? null : false;
  }

  private aggregate(tree: Aggregate, names: Names): Value {
    const on = (part: Tree, row: Value): Value => this.value(part, new Map(names).set(tree.row, row));
    let kept = this.rows(tree.rows, names).filter((row) => {
      this.rowsLeft -= 1;
      if (this.rowsLeft < 0) throw new Refused("too_many_rows");
      return !tree.where || on(tree.where, row) === true;
    });
    // Of the other rows only the condition is looked at.
    if (tree.function === "first") kept = kept.slice(0, 1);
    if (tree.function === "last") kept = kept.slice(-1);
    const { value } = tree;
    const found = aggregated(tree.function, value ? kept.map((row) => on(value, row)) : kept);
    return found instanceof Decimal && tree.type.is === "Number" ? found.bounded(scaleOf(tree.type)) : found;
  }

  private rows(tree: Tree, names: Names): Value[] {
    const form = kindOf(tree).form;
    if (tree.is !== "Get" || form === undefined) throw new AskServer("only the server reads outside data");
    const base = this.value(tree.base, names);
    if (base === null) return [];
    if (!isReference(base)) throw new AskServer("only a record has rows");
    return this.page.record(base).rows(tree.field, form);
  }

  private template(tree: Tree & { is: "Template" }, names: Names): Value {
    return joined(
      tree.parts.map((part) =>
        part.expression
          ? printed(part.expression, this.value(part.expression, names), part.format ?? "", this.page)
          : (part.text ?? ""),
      ),
    );
  }
}

// What gets more decimal places has less room before the point.
function widened(value: Value, kind: Kind): Value {
  return value instanceof Decimal && kind.is === "Number" ? value.bounded(scaleOf(kind)) : value;
}

function calculated(operator: string, left: Decimal, right: Decimal): Decimal | null {
  switch (operator) {
    case "+":
      return left.plus(right);
    case "-":
      return left.minus(right);
    case "*":
      return left.times(right);
    case "/":
      return left.over(right);
    default:
      return left.remainder(right);
  }
}
