// The pictures of test digits, asked for a handful at a time, and kept. ask(indices) asks the server, which answers with
// a sheet; came() is called when there are new ones.
const SHEET_COLUMNS = 8;
const SIDE = 28;
const AT_ONCE = 64; // digits
const PICTURES_WAIT = 80; // milliseconds that the pointer rests

function makePictures(ask, came) {
  const known = new Map(); // by index: { sheet, x, y }
  let asked = false; // whether an answer is on its way
  let timer = null;

  function take({ digits, sheet }) {
    asked = false;
    if (digits.length === 0) return;
    const picture = new Image();
    picture.onload = () => {
      digits.forEach((index, at) => {
        known.set(index, { sheet: picture, x: SIDE * (at % SHEET_COLUMNS), y: SIDE * Math.floor(at / SHEET_COLUMNS) });
      });
      came();
    };
    picture.src = sheet;
  }

  // `order` lists indices, the most wanted first; it is called when the pointer rests.
  function want(index, order) {
    clearTimeout(timer);
    if (known.has(index) || asked) return;
    timer = setTimeout(() => {
      asked = true;
      ask(order().filter((one) => !known.has(one)).slice(0, AT_ONCE));
    }, PICTURES_WAIT);
  }

  // Draws a digit, white on black; nothing but black where its picture is not there yet.
  function draw(context, index, left, top, size) {
    const { sheet, x, y } = known.get(index) ?? {};
    context.fillStyle = '#000';
    context.fillRect(left, top, size, size);
    context.imageSmoothingEnabled = false;
    if (sheet) context.drawImage(sheet, x, y, SIDE, SIDE, left, top, size, size);
    return Boolean(sheet);
  }

  return { take, want, draw };
}
