// A signature is drawn into a canvas and goes with the form as a picture, in the file field that the canvas names.
// Whoever cannot draw chooses a picture in that field.

const PEN = 2.5;

export function startSigning(): void {
  document.addEventListener("pointerdown", begin);
  document.addEventListener("click", clear);
}

function begin(event: PointerEvent): void {
  const canvas = event.target;
  if (!(canvas instanceof HTMLCanvasElement) || canvas.dataset.signature === undefined) {
    return;
  }
  event.preventDefault();
  canvas.setPointerCapture(event.pointerId);
  const pen = penOf(canvas);
  pen.beginPath();
  pen.moveTo(...placeOf(canvas, event));
  const draw = (moved: PointerEvent): void => {
    pen.lineTo(...placeOf(canvas, moved));
    pen.stroke();
  };
  const end = (): void => {
    canvas.removeEventListener("pointermove", draw);
    keep(canvas);
  };
  canvas.addEventListener("pointermove", draw);
  canvas.addEventListener("pointerup", end, { once: true });
  canvas.addEventListener("pointercancel", end, { once: true });
}

function clear(event: MouseEvent): void {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-clears]") : null;
  const canvas = button === null ? null : document.getElementById(button.dataset.clears ?? "");
  if (canvas instanceof HTMLCanvasElement) {
    penOf(canvas).clearRect(0, 0, canvas.width, canvas.height);
    fieldOf(canvas).value = "";
  }
}

function penOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  pen.lineWidth = PEN;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  return pen;
}

function placeOf(canvas: HTMLCanvasElement, event: PointerEvent): [number, number] {
  const box = canvas.getBoundingClientRect();
  return [
    ((event.clientX - box.left) * canvas.width) / box.width,
    ((event.clientY - box.top) * canvas.height) / box.height,
  ];
}

function keep(canvas: HTMLCanvasElement): void {
  canvas.toBlob((drawn) => {
    if (drawn !== null) {
      const picture = new DataTransfer();
      picture.items.add(new File([drawn], "signature.png", { type: "image/png" }));
      fieldOf(canvas).files = picture.files;
    }
  }, "image/png");
}

function fieldOf(canvas: HTMLCanvasElement): HTMLInputElement {
  return document.getElementById(canvas.dataset.signature ?? "") as HTMLInputElement;
}
