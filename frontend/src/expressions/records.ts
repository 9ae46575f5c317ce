// What a page holds: some records with some of their fields, and what the names of the place stand for.
// Whatever it does not hold is the server's to answer.

import { Instant } from "./values/dates";
import { AskServer } from "./failures";
import type { Json, Kind } from "./trees";
import { decoded, isReference, type Reference, type Value } from "./values/values";
import { STANDARD_WEEK, type WorkingDays } from "./workdays";

export interface RecordData {
  values: { [field: string]: Json };
  // Ids of the rows of a collection, in their order.
  rows?: { [collection: string]: number[] };
}

export interface PageData {
  // What names stand for: a value of the page, or a record of it.
  roots: { [name: string]: Json | { form: string; id: number } };
  records: { [form: string]: { [id: string]: RecordData } };
  now: string;
  timezone: string;
  // Fields that this write changes; absent outside a write.
  changed?: string[];
  yes_no?: [string, string];
  calendar?: WorkingDays;
}

// What an object was given under a name, and nothing that it inherits.
export function own<Found>(given: { [name: string]: Found } | undefined, name: string): Found | undefined {
  return given && Object.hasOwn(given, name) ? given[name] : undefined;
}

export class Row {
  constructor(
    readonly form: string,
    readonly id: number,
    private readonly data: RecordData,
    private readonly page: Page,
  ) {}

  get(field: string, kind: Kind): Value {
    return field === "id" ? decoded(String(this.id), kind, "UTC") : decoded(own(this.data.values, field), kind, this.page.zone);
  }

  rows(collection: string, form: string): Row[] {
    const ids = own(this.data.rows, collection);
    if (!ids) throw new AskServer(`the page does not hold the rows of ${collection}`);
    return ids.map((id) => this.page.record({ form, id }));
  }
}

export class Page {
  readonly zone: string;
  readonly now: Instant;
  readonly changed: readonly string[];
  readonly yesNo: readonly [string, string];
  readonly calendar: WorkingDays;

  constructor(private readonly data: PageData) {
    this.zone = data.timezone;
    const now = Instant.read(data.now, "UTC");
    if (!now) throw new AskServer("the page does not say when it is");
    this.now = now;
    this.changed = data.changed ?? [];
    this.yesNo = data.yes_no ?? ["是", "否"];
    this.calendar = data.calendar ?? STANDARD_WEEK;
  }

  root(name: string, kind: Kind): Value {
    const found = own(this.data.roots, name);
    if (found === undefined) throw new AskServer(`the page does not know ${name}`);
    if (kind.is !== "Record" || found === null || typeof found !== "object") return decoded(found, kind, this.zone);
    const { form, id } = found as { form: string; id: number };
    return this.record({ form, id });
  }

  record(reference: Reference | Row): Row {
    if (reference instanceof Row) return reference;
    const found = own(own(this.data.records, reference.form), String(reference.id));
    if (!found) throw new AskServer(`the page does not hold this ${reference.form}`);
    return new Row(reference.form, reference.id, found, this);
  }

  // A field of a record; of an empty record it is empty.
  field(base: Value, field: string, kind: Kind): Value {
    if (base === null) return null;
    if (!isReference(base)) throw new AskServer("only the server reads outside data");
    return this.record(base).get(field, kind);
  }
}
