// A panel that folds open, and asks about the drawing and the chosen model only while it is open: 'ask' goes
// to the server.
const fold = element.querySelector('details');
const ASK_EVERY = 250; // milliseconds
let askedAt = 0;
let asking = null;

function ask() {
  clearTimeout(asking);
  asking = null;
  askedAt = performance.now();
  trigger('ask');
}

function askSoon() {
  if (fold.open) asking ??= setTimeout(ask, Math.max(0, askedAt + ASK_EVERY - performance.now()));
}

fold.addEventListener('toggle', askSoon);
if (props.follows) for (const event of ['drawing', 'model']) document.addEventListener(event, askSoon);

// The list to show; nothing before the server has sent one.
function shownValue() {
  return Array.isArray(props.value) ? props.value : [];
}
