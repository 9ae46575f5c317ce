// The evaluator of the browser: it walks the tree that the server compiled. It gives the answers of the
// server's own evaluators, or says that only the server can answer.

import { aggregated } from "./aggregates";
import { Decimal } from "./decimals";
import { AskServer, Refused, type Reason } from "./failures";
import { called, STOPS_EARLY } from "./functions";
import { Page, type PageData } from "./records";
import { joined, printed } from "./texts";
import { kindOf, scaleOf, type Aggregate, type Json, type Tree } from "./trees";
import { compared, decoded, encoded, isEmpty, isEqual, isReference, type Value } from "./values";

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
        return this.page.field(this.value(tree.base, names), tree.field, tree.type);
      case "Unary":
        return this.unary(tree.operator, this.value(tree.operand, names));
      case "Binary":
        return this.binary(tree, names);
      case "IsEmpty":
        return isEmpty(this.value(tree.operand, names));
      case "IfElse":
        return this.value(this.value(tree.test, names) === true ? tree.then : tree.otherwise, names);
      case "Items":
        return tree.items.map((item) => this.value(item, names));
      case "Call":
        return called(tree.function, this.argumentsOf(tree, names), tree.type, this.page);
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

  private argumentsOf(tree: Tree & { is: "Call" }, names: Names): Value[] {
    const found: Value[] = [];
    for (const argument of tree.arguments) {
      const value = this.value(argument, names);
      found.push(value);
      if (STOPS_EARLY.has(tree.function) && !isEmpty(value)) break;
    }
    return found;
  }

  private binary(tree: Tree & { is: "Binary" }, names: Names): Value {
    const left = this.value(tree.left, names);
    if (tree.operator === "and" || tree.operator === "or") {
      return this.logical(tree.operator === "or", left, () => this.value(tree.right, names));
    }
    if (tree.operator === "in") return this.member(left, this.value(tree.right, names));
    if (isEmpty(left)) return null;
    const right = this.value(tree.right, names);
    if (isEmpty(right)) return null;
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

  private member(value: Value, items: Value): Value {
    if (!Array.isArray(items)) throw new AskServer("only the server reads outside data");
    if (!items.length) return false;
    if (isEmpty(value)) return null;
    if (items.some((item) => item !== null && isEqual(item, value))) return true;
    return items.some((item) => item === null) ? null : false;
  }

  private aggregate(tree: Aggregate, names: Names): Value {
    const values: Value[] = [];
    for (const row of this.rows(tree.rows, names)) {
      this.rowsLeft -= 1;
      if (this.rowsLeft < 0) throw new Refused("too_many_rows");
      const inside = new Map(names).set(tree.row, row);
      if (tree.where && this.value(tree.where, inside) !== true) continue;
      values.push(tree.value ? this.value(tree.value, inside) : row);
    }
    const found = aggregated(tree.function, values);
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
