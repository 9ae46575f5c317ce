// The combobox of every field that refers to records.

export { picker as control } from "orderkit/controls/picker";
