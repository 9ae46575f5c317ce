// Texts in places that change with every key.

/** Puts a text where another stands. The node stays, so that the page around it need not be looked at again. */
export function setText(place: Element, text: string): void {
  const [only] = place.childNodes;
  if (text && place.childNodes.length === 1 && only instanceof Text) {
    if (only.data !== text) only.data = text;
  } else if (place.textContent !== text) place.textContent = text;
}
