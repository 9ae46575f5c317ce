// The rules of a form in the browser: what a change of one field makes of the others, by the same trees
// that the server evaluates. What a page cannot know is asked (`asks`); the server decides again on saving.

import { evaluate, type Json, type PageData, type RecordData, type Tree } from "../expressions";
import { Decimal } from "../expressions/values/decimals";
import type { Kind } from "../expressions/trees";
import { printed, type Marks, type Printed } from "./printing";
import { fitted, readTyped } from "./readers";

type Aspect = "compute" | "copy" | "default" | "visible" | "required" | "readonly";

interface FieldFacts {
  kind: Kind;
  reader: string;
  scale?: number;
  places?: number;
  isParent?: boolean;
}

interface Rule {
  form: string;
  field: string;
  aspect: Aspect;
  tree: Tree;
  reads: string[];
  hasSiblings: boolean;
}

/** What `orderkit.web.editing.live` writes into the page. */
export interface LiveData {
  form: string;
  id: number;
  isNew: boolean;
  me: number | null;
  now: string;
  timezone: string;
  yesNo: [string, string];
  calendar: PageData["calendar"];
  marks: Marks | null;
  fields: { [form: string]: { [field: string]: FieldFacts } };
  collections: { [collection: string]: { form: string; parent: string } };
  values: { [field: string]: Json };
  rows: { [collection: string]: { key: string; id: number | null; values: { [field: string]: Json } }[] };
  rules: Rule[];
  asks: string[];
}

export type State = Partial<Record<"visible" | "required" | "readonly", boolean>>;

/** What follows from a change, by the names of the page. */
export interface Followed {
  values: Map<string, Printed>;
  states: Map<string, State>;
  isForServer: boolean;
}

interface Place {
  collection: string | null;
  form: string;
  id: number;
  field: string;
}

export class LiveForm {
  private readonly page: PageData;
  private readonly top: RecordData;
  private readonly ids = new Map<string, number>();
  private readonly keys = new Map<number, string>();
  private readonly asks: ReadonlySet<string>;
  private made = -1;

  /** `isTouched` says of a name of the page whether somebody has typed there. */
  constructor(
    private readonly data: LiveData,
    private readonly isTouched: (name: string) => boolean,
  ) {
    this.asks = new Set(data.asks);
    this.top = { values: { ...data.values }, rows: {} };
    this.page = {
      roots: { me: data.me === null ? null : { form: "user", id: data.me } },
      records: { user: data.me === null ? {} : { [data.me]: { values: {} } }, [data.form]: { [data.id]: this.top } },
      now: data.now,
      timezone: data.timezone,
      yes_no: data.yesNo,
      ...(data.calendar ? { calendar: data.calendar } : {}),
    };
    for (const [name, { form, parent }] of Object.entries(data.collections)) {
      this.page.records[form] ??= {};
      this.top.rows![name] = (data.rows[name] ?? []).map((row) => this.adopt(name, form, parent, row.key, row.id, row.values));
    }
  }

  private adopt(
    collection: string,
    form: string,
    parent: string,
    key: string,
    stored: number | null,
    values: { [field: string]: Json },
  ): number {
    const id = stored ?? (this.made -= 1);
    this.ids.set(`${collection}.${key}`, id);
    this.keys.set(id, `${collection}.${key}`);
    this.page.records[form]![id] = { values: { ...values, [parent]: String(this.data.id) } };
    return id;
  }

  private placeOf(name: string): Place | null {
    const parts = name.split(".");
    const [first = "", key = "", field = ""] = parts;
    if (parts.length === 1) return { collection: null, form: this.data.form, id: this.data.id, field: first };
    const collection = this.data.collections[first];
    const id = this.ids.get(`${first}.${key}`);
    return collection && id !== undefined ? { collection: first, form: collection.form, id, field } : null;
  }

  private nameOf(form: string, id: number, field: string): string {
    return form === this.data.form ? field : `${this.keys.get(id)}.${field}`;
  }

  private record(form: string, id: number): RecordData | undefined {
    return this.page.records[form]?.[id];
  }

  private idsOf(form: string): number[] {
    if (form === this.data.form) return [this.data.id];
    const found = Object.entries(this.data.collections).find(([, each]) => each.form === form);
    return found ? (this.top.rows![found[0]] ?? []) : [];
  }

  /** Whether a name of the page stands for a field of the record, or of a row that it knows of. */
  knows(name: string): boolean {
    return this.placeOf(name) !== null;
  }

  /** Keeps the texts that somebody typed, by the names of the page; returns what follows. */
  typed(texts: Iterable<[name: string, text: string]>): Followed {
    const changed = new Map<string, Set<number>>();
    for (const [name, text] of texts) this.keep(name, text, changed);
    return this.follow(changed);
  }

  private keep(name: string, text: string, changed: Map<string, Set<number>>): void {
    const place = this.placeOf(name);
    const facts = place && this.data.fields[place.form]?.[place.field];
    const record = place && this.record(place.form, place.id);
    if (!place || !facts || !record) return;
    const value = readTyped(facts.reader, text, facts.scale ?? 0);
    if (value === undefined) delete record.values[place.field];
    else record.values[place.field] = value;
    note(changed, `${place.form}.${place.field}`, place.id);
  }

  /** Takes what the server worked out; nothing follows from it that the server has not seen. */
  told(name: string, value: Json): void {
    const place = this.placeOf(name);
    const record = place && this.record(place.form, place.id);
    if (place && record && this.data.fields[place.form]?.[place.field]) record.values[place.field] = value;
  }

  /** Takes which rows there are now, in their order, with the texts of those that are new. */
  rows(collection: string, rows: { key: string; id: number | null; texts: Map<string, string> }[]): Followed {
    const changed = new Map<string, Set<number>>();
    const known = this.data.collections[collection];
    if (!known) return this.follow(changed);
    note(changed, `${known.form}.`, this.data.id);
    this.top.rows![collection] = rows.map(({ key, id, texts }) => {
      const old = this.ids.get(`${collection}.${key}`);
      if (old !== undefined) return old;
      const made = this.adopt(collection, known.form, known.parent, key, id, {});
      for (const [field, text] of texts) this.keep(`${collection}.${key}.${field}`, text, changed);
      for (const field of Object.keys(this.data.fields[known.form] ?? {})) note(changed, `${known.form}.${field}`, made);
      return made;
    });
    return this.follow(changed);
  }

  private follow(changed: Map<string, Set<number>>): Followed {
    const followed: Followed = { values: new Map(), states: new Map(), isForServer: false };
    for (const rule of this.data.rules) {
      for (const id of this.affected(rule, changed)) this.apply(rule, id, changed, followed);
    }
    if ([...changed.keys()].some((place) => this.asks.has(place))) followed.isForServer = true;
    return followed;
  }

  private affected(rule: Rule, changed: Map<string, Set<number>>): Iterable<number> {
    const found = new Set<number>();
    for (const read of rule.reads) {
      const ids = changed.get(read);
      if (!ids) continue;
      const isOwn = read.startsWith(`${rule.form}.`) && !read.slice(rule.form.length + 1).includes(".");
      if (!isOwn || rule.hasSiblings || read.endsWith(".")) return this.idsOf(rule.form);
      for (const id of ids) found.add(id);
    }
    return found;
  }

  private apply(rule: Rule, id: number, changed: Map<string, Set<number>>, followed: Followed): void {
    const record = this.record(rule.form, id);
    const facts = this.data.fields[rule.form]?.[rule.field];
    if (!record || !facts) return;
    const name = this.nameOf(rule.form, id, rule.field);
    if (rule.aspect === "copy" || rule.aspect === "default") {
      if (this.isTouched(name)) return;
      const isNew = rule.form === this.data.form ? this.data.isNew : id < 0;
      // Whether somebody wrote over a copy long ago is the server's to tell.
      if (!isNew) {
        if (rule.aspect === "copy") followed.isForServer = true;
        return;
      }
    }
    const answer = evaluate(rule.tree, { ...this.page, roots: { ...this.page.roots, record: { form: rule.form, id } } });
    if (rule.aspect === "visible" || rule.aspect === "required" || rule.aspect === "readonly") {
      if ("ask" in answer) followed.isForServer = true;
      else {
        const holds = "value" in answer && answer.value === true;
        followed.states.set(name, { ...followed.states.get(name), [rule.aspect]: holds });
      }
      return;
    }
    const value = "value" in answer ? stored(answer.value, facts) : undefined;
    if (value === undefined) {
      delete record.values[rule.field];
      followed.isForServer = true;
    } else if (record.values[rule.field] !== value) {
      record.values[rule.field] = value;
      followed.values.set(name, printed(facts.reader, value, facts.places ?? 0, this.data.marks));
    } else return;
    note(changed, `${rule.form}.${rule.field}`, id);
  }
}

function note(changed: Map<string, Set<number>>, place: string, id: number): void {
  const ids = changed.get(place);
  if (ids) ids.add(id);
  else changed.set(place, new Set([id]));
}

// The value as its field keeps it: numbers rounded to its places, everything else as it stands in the page.
function stored(value: Json, facts: FieldFacts): Json | undefined {
  const plain = value !== null && typeof value === "object" && !Array.isArray(value) ? value.value ?? null : value;
  if (plain === "") return null;
  if (facts.kind.is !== "Number" || plain === null) return plain;
  const number = Decimal.read(String(plain));
  return number ? fitted(number, facts.scale ?? 0) : undefined;
}
