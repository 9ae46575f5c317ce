// A page about one record that its reader may not see any more: a quiet word, and where to go instead. What has
// been typed into a form stays, to be copied; a page that only shows the record is not to be used any longer.

export function sayGone(isGone: boolean): void {
  const banner = document.querySelector<HTMLElement>("[data-gone]");
  if (!banner) return;
  banner.hidden = !isGone;
  const shown = document.querySelector<HTMLElement>("#record[data-live]");
  if (!shown) return;
  shown.classList.toggle("is-gone", isGone);
  shown.toggleAttribute("inert", isGone);
}
