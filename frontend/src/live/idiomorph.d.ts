// What we use of idiomorph, which comes without types.
declare module "idiomorph" {
  export interface Callbacks {
    beforeNodeMorphed?(before: Node, after: Node): boolean | void;
    afterNodeMorphed?(before: Node, after: Node): void;
    afterNodeAdded?(node: Node): void;
    beforeAttributeUpdated?(name: string, node: Element, what: "update" | "remove"): boolean | void;
  }
  export const Idiomorph: {
    morph(
      before: Element,
      after: Element,
      settings?: { morphStyle?: "outerHTML" | "innerHTML"; ignoreActiveValue?: boolean; restoreFocus?: boolean; callbacks?: Callbacks },
    ): Node[];
  };
}
