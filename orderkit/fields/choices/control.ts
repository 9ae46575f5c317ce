// Choices as chips, each with a tick.

export { ticks as control } from "orderkit/controls/ticks";
