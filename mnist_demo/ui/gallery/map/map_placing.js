// The drawing on the map. isSeen(): whether the map is. ask(): asks the server where the drawing belongs; its answers are
// taken: { placed: { key of a map: [x, y] }, picture, among, done }, the last of them done. came() is called at each.
const ANSWERS_WITHIN = 60000; // milliseconds: after that it is asked again
const FRAME = 3; // pixels around the picture
const PICTURE = 34;

function makePlacing({ isSeen, ask, came }) {
  let answer = null;
  let picture = null; // of the last answer, when loaded
  let isStale = true; // whether the drawing may be another one since
  let asked = -Infinity; // when, while the answer is to come
  let timer = null;

  function place() {
    timer = null;
    if (!isSeen() || performance.now() - asked < ANSWERS_WITHIN) return;
    asked = performance.now();
    isStale = false;
    ask();
  }

  function soon() {
    isStale = true;
    timer ??= setTimeout(place, ASK_EVERY);
  }

  function take(told) {
    if (told.done) asked = -Infinity;
    if (told.done && isStale) soon();
    answer = told;
    picture = null;
    came();
    if (!told.picture) return;
    const loading = new Image();
    loading.onload = () => {
      if (answer !== told) return;
      picture = loading;
      came();
    };
    loading.src = told.picture;
  }

  // For one stage: what draws its picture, in a frame, on the map of that key, and says whether it is not there yet.
  function makeDrawer() {
    let at = null; // where it is on its way to where it belongs

    return (context, key, { toX, toY }, colour, isStill) => {
      const goal = answer?.placed[key]?.map((value) => value / STEPS);
      if (!goal || !picture) return false;
      at = isStill || !at ? goal : at.map((value, axis) => value + (goal[axis] - value) * 0.2);
      const [x, y] = [toX(at[0]) - PICTURE / 2, toY(at[1]) - PICTURE / 2];
      context.fillStyle = colour;
      context.fillRect(x - FRAME, y - FRAME, PICTURE + 2 * FRAME, PICTURE + 2 * FRAME);
      context.imageSmoothingEnabled = false;
      context.drawImage(picture, x, y, PICTURE, PICTURE);
      return Math.hypot(goal[0] - at[0], goal[1] - at[1]) > 0.0005;
    };
  }

  return { soon, take, makeDrawer, seen: () => { if (isStale) soon(); }, among: () => answer?.among };
}
