// The parts of the front end that need no page, as one module for the tests.

export * from "../src/expressions";
export { LiveForm } from "../src/forms/live";
export { amountOf, sumOf } from "../src/forms/picked";
export { printed } from "../src/forms/printing";
export { faultIn } from "../../orderkit/fields/json/fault";
export { readTyped } from "../src/forms/readers";
export { readBlock, writeBlock } from "../src/forms/lines/tsv";
export { bare, grouped, inWords, workedOut } from "../src/controls/amounts";
export { below, joined, partsBy, readParts, search, writeParts } from "../src/controls/regions";
export { dayOf } from "../src/controls/days";
export { chosenWith, listOf } from "../src/lists/chosen";
export { standing } from "../src/shell/narrowing";
