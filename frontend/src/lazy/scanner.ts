// Reads codes in browsers that cannot by themselves; loaded when somebody opens the camera.

import {
  BarcodeFormat,
  BinaryBitmap,
  DecodeHintType,
  HybridBinarizer,
  MultiFormatOneDReader,
  QRCodeReader,
  RGBLuminanceSource,
} from "@zxing/library";

const FORMATS: { [name: string]: BarcodeFormat } = {
  code_128: BarcodeFormat.CODE_128,
  code_39: BarcodeFormat.CODE_39,
  ean_13: BarcodeFormat.EAN_13,
  ean_8: BarcodeFormat.EAN_8,
  upc_a: BarcodeFormat.UPC_A,
};

/** Returns what a code of this kind in the picture says; null where there is none to be read. */
export function readCode(image: ImageData, format: string): string | null {
  const grey = new Uint8ClampedArray(image.width * image.height);
  for (let at = 0; at < grey.length; at += 1) {
    grey[at] = (image.data[4 * at]! * 77 + image.data[4 * at + 1]! * 151 + image.data[4 * at + 2]! * 28) >> 8;
  }
  const bitmap = new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(grey, image.width, image.height)));
  const known = FORMATS[format];
  const hints = new Map<DecodeHintType, unknown>([[DecodeHintType.TRY_HARDER, true]]);
  if (known !== undefined) hints.set(DecodeHintType.POSSIBLE_FORMATS, [known]);
  const reader = known === undefined ? new QRCodeReader() : new MultiFormatOneDReader(hints);
  try {
    return reader.decode(bitmap, hints).getText();
  } catch {
    // It throws where it finds nothing.
    return null;
  }
}
