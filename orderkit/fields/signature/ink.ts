// What is written on a sheet, and how it becomes a picture: dark on white in every theme, as on paper.

export interface Ink {
  strokes: [x: number, y: number][][];
  typed: string;
}

const COLOUR = "#16213a";
const PAPER = "#ffffff";
const WIDTH = 2.6;
const MARGIN = 14;
const SHARPNESS = 2;
const TYPED_SIZE = 44;
const TYPED_FONT = `${TYPED_SIZE}px "Segoe Script", "Snell Roundhand", "KaiTi", "STKaiti", cursive`;

export function inkOf(): Ink {
  return { strokes: [], typed: "" };
}

function draw(context: CanvasRenderingContext2D, ink: Ink): void {
  context.lineWidth = WIDTH;
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = context.fillStyle = COLOUR;
  for (const stroke of ink.strokes) {
    const [first, ...rest] = stroke;
    if (!first) continue;
    context.beginPath();
    context.moveTo(...first);
    // Through the middle between two points each: a hand makes no corners.
    rest.forEach(([x, y], at) => {
      const [nextX, nextY] = rest[at + 1] ?? [x, y];
      context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
    });
    if (!rest.length) context.lineTo(first[0] + 0.1, first[1]);
    context.stroke();
  }
}

function write(context: CanvasRenderingContext2D, text: string, x: number, y: number): void {
  context.font = TYPED_FONT;
  context.textBaseline = "middle";
  context.fillStyle = COLOUR;
  context.fillText(text, x, y);
}

/** Shows what is written on the sheet that stands on the page. */
export function paint(canvas: HTMLCanvasElement, ink: Ink): void {
  const box = canvas.getBoundingClientRect();
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(box.width * ratio);
  canvas.height = Math.round(box.height * ratio);
  const context = canvas.getContext("2d")!;
  context.scale(ratio, ratio);
  draw(context, ink);
  if (!ink.typed) return;
  context.font = TYPED_FONT;
  write(context, ink.typed, Math.max(8, (box.width - context.measureText(ink.typed).width) / 2), box.height / 2);
}

/** Returns the picture of what is written, cut to it. */
export function picture(ink: Ink, type: string): Promise<Blob> {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d")!;
  context.font = TYPED_FONT;
  const points = ink.typed ? [[0, 0], [context.measureText(ink.typed).width, TYPED_SIZE * 1.3]] : ink.strokes.flat();
  const [xs, ys] = [points.map((each) => each[0]!), points.map((each) => each[1]!)];
  const [left, top] = [lowest(xs) - MARGIN, lowest(ys) - MARGIN];
  canvas.width = Math.ceil((highest(xs) + MARGIN - left) * SHARPNESS);
  canvas.height = Math.ceil((highest(ys) + MARGIN - top) * SHARPNESS);
  context.fillStyle = PAPER;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(SHARPNESS, SHARPNESS);
  context.translate(-left, -top);
  draw(context, ink);
  if (ink.typed) write(context, ink.typed, 0, TYPED_SIZE * 0.65);
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob!), type, 0.92));
}

function lowest(numbers: number[]): number {
  return numbers.reduce((least, each) => Math.min(least, each), Infinity);
}

function highest(numbers: number[]): number {
  return numbers.reduce((most, each) => Math.max(most, each), -Infinity);
}
