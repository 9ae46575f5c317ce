// The browser's input of a day, with quick words; moments have the same.

export { date as control } from "orderkit/controls/dates";
