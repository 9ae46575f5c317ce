// Made by build.mjs: the `control` of every `control.ts` in the folders of the field types.
declare module "orderkit:controls" {
  export const controls: readonly import("./control").Control[];
}
