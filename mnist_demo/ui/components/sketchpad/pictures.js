// Pictures that somebody chooses, drops or pastes. A part of sketchpad.js: they become what is on the pad.
const LARGEST = 800; // pixels of a picture's longer side: more would not be looked at

// What the server takes of a file as it is: see sketchpad/__init__.py.
const LARGEST_FILE = 1600; // pixels of its longer side
const MOST_BYTES = 1_400_000;
const FALSE_BY = 8; // of 255, on average: Brave's noise is less, and does no harm

// Whether the browser gives back other pixels than were drawn, against those who would know it by them: noise, as
// Firefox's resistFingerprinting does, or white.
let falsified = null;
function isCanvasFalsified() {
  if (falsified !== null) return falsified;
  const probe = document.createElement('canvas');
  [probe.width, probe.height] = [16, 16];
  const onto = probe.getContext('2d');
  const levels = Array.from({ length: 16 }, (_, column) => column * 17);
  levels.forEach((level, column) => {
    onto.fillStyle = `rgb(${level}, ${255 - level}, ${level})`;
    onto.fillRect(column, 0, 1, 16);
  });
  const { data } = onto.getImageData(0, 0, 16, 16);
  const wrong = data.reduce((sum, value, at) => {
    const level = levels[(at >> 2) % 16];
    return sum + Math.abs(value - [level, 255 - level, level, 255][at % 4]);
  }, 0);
  falsified = wrong / data.length > FALSE_BY;
  return falsified;
}

// White on black as black on white, without a look at the pixels.
function invert(onto, picture) {
  onto.fillStyle = '#fff';
  onto.fillRect(0, 0, picture.width, picture.height);
  onto.globalCompositeOperation = 'difference';
  onto.drawImage(picture, 0, 0);
  return onto.canvas;
}

// The file as it is, where the server takes it so; else it is to say why it cannot be read.
function readUnchanged(file, bitmap) {
  const fits = Math.max(bitmap.width, bitmap.height) <= LARGEST_FILE && file.size <= MOST_BYTES;
  if (!fits || !['image/png', 'image/jpeg'].includes(file.type)) return 'data:application/x-falsified,';
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    Object.assign(reader, { onload: () => resolve(reader.result), onerror: reject });
    reader.readAsDataURL(file);
  });
}

// What is drawn on a transparent ground gets one that it stands out from, as picture_files.py does it.
function layOnGround(onto, width, height) {
  const { data } = onto.getImageData(0, 0, width, height);
  let [light, opaque] = [0, 0];
  for (let i = 0; i < data.length; i += 4) {
    light += (0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]) * data[i + 3];
    opaque += data[i + 3];
  }
  onto.globalCompositeOperation = 'destination-over';
  onto.fillStyle = light < 127.5 * opaque ? '#fff' : '#000';
  onto.fillRect(0, 0, width, height);
}

// Of a file that the browser cannot open: what the server is to say. By its content: a type may be missing.
async function nameFormat(file) {
  const start = String.fromCharCode(...new Uint8Array(await file.slice(0, 16).arrayBuffer()));
  if (/^[^]{4}ftyp(hei[cxms]|hevc|mif1|msf1)/.test(start)) return 'data:image/heic,';
  return start.startsWith('%PDF-') ? 'data:application/pdf,' : 'data:,';
}

// A file as a picture of at most LARGEST pixels a side, upright, on a ground.
async function load(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    const picture = await nameFormat(file).catch(() => 'data:,'); // a folder has no content
    change({ ...BLANK, picture }); // the server says that it cannot be read
    return;
  }
  if (isCanvasFalsified()) {
    change({ ...BLANK, picture: await readUnchanged(file, bitmap) });
    return;
  }
  const scale = Math.min(1, LARGEST / Math.max(bitmap.width, bitmap.height));
  const small = document.createElement('canvas');
  small.width = Math.max(1, Math.round(bitmap.width * scale));
  small.height = Math.max(1, Math.round(bitmap.height * scale));
  const onto = small.getContext('2d');
  onto.drawImage(bitmap, 0, 0, small.width, small.height);
  layOnGround(onto, small.width, small.height);
  change({ ...BLANK, picture: small.toDataURL('image/jpeg', 0.92) });
}

function firstPicture(transfer) {
  const files = [...(transfer?.files ?? [])];
  return files.find((file) => file.type.startsWith('image/')) ?? files[0];
}

// What a drag brings: a file, or of another page's picture its address alone.
function takeDrop(transfer) {
  const file = firstPicture(transfer);
  if (file) load(file);
  else if (transfer?.types.includes('text/uri-list')) change({ ...BLANK, picture: 'data:text/uri-list,' });
}

// A drop anywhere on the page: else the browser would open the file in its place, and all models were lost.
function listenForPictures() {
  const photo = element.querySelector('.photo-button input');
  const ours = (event) => {
    const { types } = event.dataTransfer ?? { types: [] };
    return !event.defaultPrevented && (types.includes('Files') || types.includes('text/uri-list'));
  };
  document.addEventListener('dragover', (event) => {
    if (ours(event)) event.preventDefault();
  });
  document.addEventListener('drop', (event) => {
    if (!ours(event)) return;
    event.preventDefault();
    if (shown(event)) takeDrop(event.dataTransfer);
  });
  document.addEventListener('paste', (event) => {
    const file = firstPicture(event.clipboardData);
    if (file && shown(event)) load(file);
  });
  photo.addEventListener('change', () => {
    const [file] = photo.files;
    if (file) load(file);
    photo.value = ''; // so that the same file can be chosen again
  });
}
