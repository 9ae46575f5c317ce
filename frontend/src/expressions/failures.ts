// Why an expression has no answer here. `Refused` is the expression's own: the server would refuse it as
// well. `AskServer` is ours: the page does not hold what the expression reads.

export type Reason = "too_large" | "too_long" | "too_many_rows" | "out_of_range" | "unreadable";

export class Refused extends Error {
  constructor(readonly reason: Reason) {
    super(reason);
  }
}

export class AskServer extends Error {}
