// The field of every attachment: choose, drop, see, take away.

export { file as control } from "orderkit/controls/files";
