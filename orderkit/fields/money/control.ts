// The input of every number: thousands apart, sums worked out, amounts in words.

export { number as control } from "orderkit/controls/numbers";
