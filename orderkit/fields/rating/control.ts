// Stars to choose from.

export { stars as control } from "orderkit/controls/ticks";
