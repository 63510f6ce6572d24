// Where the parts of a sheet lie: { columns, height, width, gap, units }, of pictures of height x width pixels each.

function sizeOf({ columns, height, width, gap, units }) {
  return [Math.ceil(units.length / columns) * (height + gap) - gap, columns * (width + gap) - gap];
}

// Puts `mark` on the part of that number on the sheet; or on one pixel of it, [row, column].
function putOn(sheet, mark, number, pixel = null) {
  const { columns, height, width, gap } = sheet;
  const [high, wide] = sizeOf(sheet);
  const top = Math.floor(number / columns) * (height + gap) + (pixel?.[0] ?? 0);
  const left = (number % columns) * (width + gap) + (pixel?.[1] ?? 0);
  const place = { top: top / high, left: left / wide, height: (pixel ? 1 : height) / high, width: (pixel ? 1 : width) / wide };
  for (const [name, share] of Object.entries(place)) mark.style[name] = `${100 * share}%`;
}

// What lies at a place of the screen: { number, row, column } of a part, and of a pixel of it; null: nothing.
function partAt(sheet, box, { clientX, clientY }) {
  const { columns, height, width, gap, units } = sheet;
  const [high, wide] = sizeOf(sheet);
  const y = ((clientY - box.top) / box.height) * high;
  const x = ((clientX - box.left) / box.width) * wide;
  const [down, across] = [Math.floor(y / (height + gap)), Math.floor(x / (width + gap))];
  const number = down * columns + across;
  if (x < 0 || y < 0 || across >= columns || number >= units.length) return null;
  const [row, column] = [Math.floor(y) - down * (height + gap), Math.floor(x) - across * (width + gap)];
  return { number, row: Math.min(height - 1, row), column: Math.min(width - 1, column) };
}
