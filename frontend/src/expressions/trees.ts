// The compiled tree of an expression, as the server's model stores it: every object carries its class
// under `is`. Names are resolved and types are known, so nothing here is ever read from source text.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Kind {
  is: string;
  scale?: number;
  currency?: string;
  is_ratio?: boolean;
  form?: string;
  options?: string[];
  of?: Kind;
}

export interface Part {
  text?: string;
  expression?: Tree;
  format?: string;
}

export type Tree =
  | { is: "Literal"; value: Json; type: Kind }
  | { is: "Root"; name: string; type: Kind }
  | { is: "Get"; base: Tree; field: string; type: Kind }
  | { is: "Unary"; operator: "-" | "not"; operand: Tree; type: Kind }
  | { is: "Binary"; operator: string; left: Tree; right: Tree; type: Kind }
  | { is: "IsEmpty"; operand: Tree }
  | { is: "IfElse"; test: Tree; then: Tree; otherwise: Tree; type: Kind }
  | { is: "Items"; items: Tree[] }
  | { is: "Call"; function: string; arguments: Tree[]; type: Kind }
  | Aggregate
  | { is: "Find"; form: string; row: string; where: Tree; by: Tree | null; type: Kind }
  | { is: "Changed"; field: string }
  | { is: "Template"; parts: Part[] }
  | { is: "Structure"; entries: { name: string; value: Tree }[]; type: Kind }
  | { is: "Each"; rows: Tree; row: string; where: Tree | null; value: Tree };

export interface Aggregate {
  is: "Aggregate";
  function: "sum" | "count" | "min" | "max" | "avg" | "any" | "all" | "first" | "last";
  rows: Tree;
  row: string;
  value: Tree | null;
  where: Tree | null;
  type: Kind;
}

// The type of a node; a condition leaves its type out.
export function kindOf(tree: Tree): Kind {
  return "type" in tree ? tree.type : { is: tree.is === "Template" ? "Text" : "Boolean" };
}

export function scaleOf(kind: Kind): number {
  return kind.scale ?? 0;
}
