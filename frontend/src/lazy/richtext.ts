// The editor of formatted text; loaded by pages that have such a field. It keeps to the tags that the server
// keeps (`fields/richtext/markup.py`), also of what is pasted; the server decides again.

import Squire from "squire-rte";

const KEPT = new Set(
  "A B BLOCKQUOTE BR CODE DEL EM H2 H3 H4 HR I LI OL P PRE S STRONG SUB SUP TABLE TBODY TD TH THEAD TR U UL".split(" "),
);
const BECOMES: { [tag: string]: string } = { DIV: "P", SECTION: "P", ARTICLE: "P", H1: "H2", H5: "H4", H6: "H4", STRIKE: "S", INS: "U" };
const DROPPED = new Set("SCRIPT STYLE TEMPLATE TITLE HEAD META LINK IFRAME OBJECT SVG MATH NOSCRIPT".split(" "));
const BLOCKS = new Set("P H2 H3 H4 DIV PRE".split(" "));
const SCHEME = /^(https?|mailto|tel):/i;
const FORBIDDEN = /\s(?:on\w+|style)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)|<style[\s\S]*?<\/style>/gi;
const SPANS = ["colspan", "rowspan"];

function keepOf(node: Node, into: Node): void {
  if (node instanceof Text) {
    into.appendChild(document.createTextNode(node.data));
    return;
  }
  if (!(node instanceof Element) || DROPPED.has(node.tagName.toUpperCase())) return;
  const tag = BECOMES[node.tagName] ?? node.tagName;
  const made = KEPT.has(tag) ? document.createElement(tag) : into;
  if (made instanceof HTMLElement && made !== into) {
    const address = node.getAttribute("href") ?? "";
    if (tag === "A" && SCHEME.test(address)) made.setAttribute("href", address);
    if (tag === "TD" || tag === "TH") for (const name of SPANS) if (node.hasAttribute(name)) made.setAttribute(name, node.getAttribute(name)!);
    into.appendChild(made);
  }
  for (const child of node.childNodes) keepOf(child, made);
}

function cleaned(html: string): DocumentFragment {
  const made = document.createDocumentFragment();
  // In a document of its own nothing is loaded or run. The browser would complain of every style that the
  // page's policy forbids even there, so those go before it reads them; what is kept the list above decides.
  const parsed = new DOMParser().parseFromString(html.replace(FORBIDDEN, ""), "text/html");
  for (const node of parsed.body.childNodes) keepOf(node, made);
  return made;
}

/** What a toolbar does: a format is put on and off, everything else is done once. */
export type Act =
  | "bold" | "italic" | "underline" | "strikethrough" | "h2" | "h3" | "bullets" | "numbers" | "quote" | "clear" | "undo" | "redo";

const FORMATS: { [act in Act]?: string } = {
  bold: "B", italic: "I", underline: "U", strikethrough: "S", h2: "H2", h3: "H3", bullets: "UL", numbers: "OL", quote: "BLOCKQUOTE",
};

export class Editing {
  private readonly squire: Squire;

  constructor(place: HTMLElement, html: string, heard: () => void, moved: () => void) {
    this.squire = new Squire(place, { blockTag: "P", sanitizeToDOMFragment: cleaned });
    // Tab goes on to the next field, as everywhere; lists are indented with Ctrl+] instead.
    this.squire.setKeyHandler("Tab", null);
    this.squire.setKeyHandler("Shift-Tab", null);
    this.squire.setHTML(html);
    this.squire.addEventListener("input", heard);
    for (const kind of ["pathChange", "select", "cursor"]) this.squire.addEventListener(kind, moved);
  }

  /** Returns the HTML; of nothing an empty text. */
  get html(): string {
    const root = this.squire.getRoot();
    return root.textContent?.replace(/\u200b/g, "").trim() || root.querySelector("hr") ? this.squire.getHTML() : "";
  }

  set html(html: string) {
    this.squire.setHTML(html);
  }

  isOn(act: Act): boolean {
    const tag = FORMATS[act];
    if (!tag) return false;
    const other: { [tag: string]: string } = { B: "STRONG", I: "EM", S: "DEL" };
    return this.squire.hasFormat(tag) || (tag in other && this.squire.hasFormat(other[tag]!)) || this.squire.getPath().split(">").some((each) => each.split(/[.[#]/)[0] === tag);
  }

  do(act: Act): void {
    const { squire } = this;
    const isOn = this.isOn(act);
    squire.focus();
    if (act === "bold") isOn ? squire.removeBold() : squire.bold();
    else if (act === "italic") isOn ? squire.removeItalic() : squire.italic();
    else if (act === "underline") isOn ? squire.removeUnderline() : squire.underline();
    else if (act === "strikethrough") isOn ? squire.removeStrikethrough() : squire.strikethrough();
    else if (act === "bullets") isOn ? squire.removeList() : squire.makeUnorderedList();
    else if (act === "numbers") isOn ? squire.removeList() : squire.makeOrderedList();
    else if (act === "quote") isOn ? squire.decreaseQuoteLevel() : squire.increaseQuoteLevel();
    else if (act === "clear") squire.removeAllFormatting();
    else if (act === "undo") squire.undo();
    else if (act === "redo") squire.redo();
    else this.setBlocks(isOn ? "P" : act.toUpperCase());
  }

  private setBlocks(tag: string): void {
    this.squire.modifyBlocks((fragment) => {
      const made = document.createDocumentFragment();
      for (const child of [...fragment.childNodes]) {
        if (child instanceof Element && BLOCKS.has(child.tagName)) {
          const block = document.createElement(tag);
          block.append(...child.childNodes);
          made.append(block);
        } else made.append(child);
      }
      return made;
    });
  }

  /** Makes what is selected a link; without an address it is none any more. */
  link(address: string): void {
    this.squire.focus();
    if (!address) this.squire.removeLink();
    else this.squire.makeLink(SCHEME.test(address) ? address : address.includes("@") ? `mailto:${address}` : `https://${address}`);
  }

  /** Returns the address of the link in which the caret is. */
  get address(): string {
    const place = this.squire.getSelection().startContainer;
    const element = place instanceof Element ? place : place.parentElement;
    return element?.closest("a")?.getAttribute("href") ?? "";
  }

  focus(): void {
    this.squire.focus();
  }
}
