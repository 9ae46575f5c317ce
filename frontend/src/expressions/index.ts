// The language's expressions in the browser: a compiled tree and what the page holds give an answer.

export { evaluate, type Answer } from "./evaluate";
export { NAMES } from "./functions";
export { isLocal, type OnPage } from "./locality";
export type { PageData, RecordData } from "./records";
export type { Json, Tree } from "./trees";
