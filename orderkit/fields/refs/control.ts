// Chips of several records; people have the same.

export { tokens as control } from "orderkit/controls/tokens";
