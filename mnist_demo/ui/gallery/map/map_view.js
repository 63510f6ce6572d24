// Which part of the map is seen, by its middle and how much it is enlarged. Points have x and y from 0 to 1, the stage
// pixels. changed() is called when another part is.
const FILLS = 0.93; // of the shorter side of the stage, by the whole map
const MOST_ZOOM = 60;

function makeView(stage, changed) {
  let [x, y, zoom] = [0.5, 0.5, 1];

  function scales() {
    const [width, height] = [stage.clientWidth, stage.clientHeight];
    const scale = FILLS * Math.min(width, height) * zoom;
    return {
      width,
      height,
      scale,
      toX: (at) => (at - x) * scale + width / 2,
      toY: (at) => (at - y) * scale + height / 2,
      fromX: (at) => (at - width / 2) / scale + x,
      fromY: (at) => (at - height / 2) / scale + y,
    };
  }

  function set(toX, toY, toZoom) {
    const clamp = (value) => Math.max(0, Math.min(1, value));
    [x, y, zoom] = toZoom < 1 ? [0.5, 0.5, 1] : [clamp(toX), clamp(toY), Math.min(MOST_ZOOM, toZoom)];
    changed();
  }

  // The point under (atX, atY) stays there.
  function enlarge(by, atX = stage.clientWidth / 2, atY = stage.clientHeight / 2) {
    const { fromX, fromY } = scales();
    const [keptX, keptY] = [fromX(atX), fromY(atY)];
    const share = zoom / Math.max(1, Math.min(MOST_ZOOM, zoom * by));
    set(keptX + (x - keptX) * share, keptY + (y - keptY) * share, zoom * by);
  }

  function pan(byX, byY) {
    const { scale } = scales();
    set(x - byX / scale, y - byY / scale, zoom);
  }

  return {
    scales,
    enlarge,
    pan,
    whole: () => set(0.5, 0.5, 1),
    isWhole: () => zoom === 1,
    zoom: () => zoom,
    middle: () => [x, y],
    name: () => [x, y, zoom].join(' '), // changes with it
  };
}
