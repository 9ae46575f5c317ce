// Reads a code with the camera, or from a picture where there is none. What the browser cannot read by itself
// a library does, which is loaded only then.

type Source = HTMLVideoElement | ImageBitmap;
type Read = (source: Source) => Promise<string | null>;

interface Detector {
  detect(source: Source): Promise<{ rawValue: string }[]>;
}

interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

const FORMATS: { [symbology: string]: string } = {
  code128: "code_128", code39: "code_39", ean13: "ean_13", ean8: "ean_8", upc_a: "upc_a", qr: "qr_code",
};
const PAUSE_MS = 140;

async function readerFor(symbology: string, script: string): Promise<Read> {
  const format = FORMATS[symbology] ?? "code_128";
  const detectorClass = (window as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (detectorClass && (await detectorClass.getSupportedFormats()).includes(format)) {
    const detector = new detectorClass({ formats: [format] });
    return async (source) => (await detector.detect(source))[0]?.rawValue ?? null;
  }
  const { readCode } = (await import(script)) as { readCode(image: ImageData, format: string): string | null };
  return async (source) => {
    const image = imageOf(source);
    return image && readCode(image, format);
  };
}

function imageOf(source: Source): ImageData | null {
  const [width, height] = source instanceof HTMLVideoElement ? [source.videoWidth, source.videoHeight] : [source.width, source.height];
  if (!width || !height) return null;
  const canvas = document.createElement("canvas");
  const scale = Math.min(1, 1600 / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

// Readers give the twelve digits of a UPC with a zero before them, as an EAN has them.
function meant(text: string, symbology: string): string {
  return symbology === "upc_a" && /^0\d{12}$/.test(text) ? text.slice(1) : text;
}

async function camera(): Promise<MediaStream | "none" | "refused"> {
  if (!navigator.mediaDevices?.getUserMedia) return "none";
  try {
    return await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
  } catch (fault) {
    return fault instanceof DOMException && fault.name === "NotAllowedError" ? "refused" : "none";
  }
}

/** Opens the sheet of the camera; returns what the code says, or null when it was closed before. */
export function scan(symbology: string): Promise<string | null> {
  const dialog = document.querySelector<HTMLDialogElement>("dialog[data-scanner]");
  if (!dialog) return Promise.resolve(null);
  const video = dialog.querySelector("video")!;
  const picture = dialog.querySelector<HTMLInputElement>("input[type=file]")!;
  const said = dialog.querySelector<HTMLElement>("[data-scanner-said]")!;
  const say = (text: string): void => {
    said.textContent = text;
  };
  say(dialog.dataset.hold ?? "");
  dialog.showModal();
  return new Promise((resolve) => {
    let found: string | null = null;
    let stream: MediaStream | null = null;
    const reading = readerFor(symbology, dialog.dataset.scanner ?? "");
    const end = (text: string): void => {
      found = meant(text, symbology);
      dialog.close();
    };
    const watch = async (): Promise<void> => {
      const given = await camera();
      const isOpen = dialog.open;
      if (given === "none" || given === "refused") {
        if (isOpen) say(dialog.dataset[given] ?? "");
        return;
      }
      stream = given;
      if (!isOpen) return stop();
      video.srcObject = stream;
      await video.play().catch(() => undefined);
      const read = await reading;
      while (dialog.open && stream) {
        const text = await read(video).catch(() => null);
        if (text && dialog.open) return end(text);
        await new Promise((go) => setTimeout(go, PAUSE_MS));
      }
    };
    const stop = (): void => {
      stream?.getTracks().forEach((track) => track.stop());
      stream = null;
      video.srcObject = null;
    };
    const onPicture = async (): Promise<void> => {
      const file = picture.files?.[0];
      picture.value = "";
      if (!file) return;
      const text = await createImageBitmap(file).then(async (image) => (await reading)(image)).catch(() => null);
      if (text) end(text);
      else say(dialog.dataset.unread ?? "");
    };
    picture.addEventListener("change", onPicture);
    dialog.addEventListener(
      "close",
      () => {
        picture.removeEventListener("change", onPicture);
        stop();
        resolve(found);
      },
      { once: true },
    );
    reading.catch(() => say(dialog.dataset.failed ?? ""));
    void watch();
  });
}
