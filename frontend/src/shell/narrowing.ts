// Which labels fit what is typed into the command palette, and how well.

function folded(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/** 0 if the label begins with the text, 1 if it has all its words, 2 if it reads so in pinyin; null if it does not fit. */
export function standing(text: string, label: string, initials: string): number | null {
  const wanted = folded(text).trim();
  const shown = folded(label);
  if (shown.startsWith(wanted)) return 0;
  if (wanted.split(/\s+/).every((word) => shown.includes(word))) return 1;
  const letters = wanted.replace(/\s+/g, "");
  return initials.split(" ").some((each) => each !== "" && each.startsWith(letters)) ? 2 : null;
}
