// From the camera, or from a photo, to the text of a code: by the browser's own reader where there is one, else by
// a decoder that comes only then. Pictures stay in the memory of this page.
"use strict";

const LOOK_EVERY = 120; // milliseconds between two looks: a slow phone must stay cool
const LOOK_SIDE = 800; // pixels of the square that is looked at
const PHOTO_SIDES = [1600, 1000, 640]; // a photo is read at several sizes: a blur is gone when it is small

const sheet = document.createElement("canvas");
const sheetContext = () => sheet.getContext("2d", { willReadFrequently: true });

async function browsersReader() {
  try {
    if (!(await BarcodeDetector.getSupportedFormats()).includes("qr_code")) return null;
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    await detector.detect(sheet); // some say that they can, and cannot
    return async () => (await detector.detect(sheet)).map((code) => code.rawValue);
  } catch (_none) {
    return null;
  }
}

async function decodersReader(address) {
  if (!address) return null;
  const { default: decodeQR } = await import(address);
  return async () => {
    try {
      return [decodeQR(sheetContext().getImageData(0, 0, sheet.width, sheet.height))];
    } catch (_nothingThere) {
      return [];
    }
  };
}

// Reads what lies on the sheet. Null where this browser cannot.
const codeReader = async (address) =>
  (self.BarcodeDetector && (await browsersReader())) || decodersReader(address).catch(() => null);

function lay(source, width, height, side) {
  const scale = Math.min(1, side / Math.max(width, height));
  sheet.width = Math.round(width * scale);
  sheet.height = Math.round(height * scale);
  sheetContext().drawImage(source, 0, 0, sheet.width, sheet.height);
}

// The square in the middle: what the page shows of the camera.
function laySquare(video) {
  const { videoWidth, videoHeight } = video;
  const side = Math.min(videoWidth, videoHeight);
  sheet.width = sheet.height = Math.min(side, LOOK_SIDE);
  const left = (videoWidth - side) / 2;
  sheetContext().drawImage(video, left, (videoHeight - side) / 2, side, side, 0, 0, sheet.width, sheet.height);
}

const openCamera = () =>
  navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
  });

function closeCamera(video) {
  const stream = video.srcObject;
  video.srcObject = null;
  if (stream) for (const track of stream.getTracks()) track.stop();
}

// Looks until `isOurs` says yes to a text, or the camera is closed.
async function look(video, read, isOurs) {
  while (video.srcObject) {
    if (video.videoWidth) {
      laySquare(video);
      const found = (await read()).find(isOurs);
      if (found && video.srcObject) return found;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
  return null;
}

async function readPhoto(photo, read) {
  const picture = await createImageBitmap(photo);
  const texts = [];
  for (const side of PHOTO_SIDES) {
    lay(picture, picture.width, picture.height, side);
    texts.push(...(await read()));
    if (texts.length) break;
  }
  picture.close();
  sheet.width = sheet.height = 1; // the photo is gone from here
  return texts;
}
