import { PNG } from 'pngjs';

/** How far two colour channels may lie apart and still look the same: browsers round when they blend. */
const tolerance = 8;

/** Part of a screenshot, as `{ width, height, data }` in RGBA. */
export function crop(screenshot, { left, top, width, height }) {
  const whole = Buffer.isBuffer(screenshot) ? decode(screenshot) : screenshot;
  const part = new PNG({ width, height });
  part.data.fill(255);
  const inside = { width: Math.min(width, whole.width - left), height: Math.min(height, whole.height - top) };
  if (inside.width > 0 && inside.height > 0) PNG.bitblt(whole, part, left, top, inside.width, inside.height, 0, 0);
  return part;
}

let last = {};
function decode(png) {
  if (last.png !== png) last = { png, picture: PNG.sync.read(png) };
  return last.picture;
}

/** The picture without the plain margin around it, in the colour of its first pixel; undefined if nothing is left. */
export function trim(picture) {
  const { width, height, data } = picture;
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!differs(data, (y * width + x) * 4, data, 0)) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  if (right < 0) return undefined;
  return crop(picture, { left, top, width: right - left + 1, height: bottom - top + 1 });
}

/** Whether two pictures are of one size and look the same everywhere. */
export function same(a, b) {
  if (!a || !b) return a === b;
  if (a.width !== b.width || a.height !== b.height) return false;
  for (let i = 0; i < a.data.length; i += 4) if (differs(a.data, i, b.data, i)) return false;
  return true;
}

function differs(a, i, b, j) {
  for (let channel = 0; channel < 3; channel++) {
    if (Math.abs(a[i + channel] - b[j + channel]) > tolerance) return true;
  }
  return false;
}
