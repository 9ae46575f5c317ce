// What the scripts of working without a connection say: the words stand in every page, in its language.

export function said(name: string, facts: number | string = ""): string {
  const texts = document.querySelector<HTMLTemplateElement>("template[data-offline-said]")?.content;
  return (texts?.querySelector(`[data-said="${name}"]`)?.textContent ?? "").replace("{count}", String(facts));
}
