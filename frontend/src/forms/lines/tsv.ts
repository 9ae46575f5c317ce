// Blocks of cells as spreadsheets put them on the clipboard: tabs between cells, line ends between rows, and
// double quotes around a cell in which one of these stands.

const CELL = /(?:"([^"]*(?:""[^"]*)*)"(?=[\t\n]|$)|([^\t\n]*))([\t\n]|$)/y;

/** Returns the rows of a copied text; one cell with nothing around it is not a block. */
export function readBlock(text: string): string[][] | null {
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  const rows: string[][] = [[]];
  let isQuoted = false;
  let end: string | undefined;
  CELL.lastIndex = 0;
  while (end !== "") {
    const [, quoted, plain = "", found = ""] = CELL.exec(source) ?? [];
    rows.at(-1)!.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    isQuoted ||= quoted !== undefined;
    end = found;
    if (end === "\n") rows.push([]);
  }
  return rows.length > 1 || rows[0]!.length > 1 || isQuoted ? rows : null;
}

export function writeBlock(rows: string[][]): string {
  const cell = (text: string): string => (/["\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join("\t")).join("\r\n");
}
