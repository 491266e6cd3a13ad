import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crop, trim, same } from './picture.mjs';
import { until } from './patience.mjs';

const artifacts = fileURLToPath(new URL('../../../artifacts/browser', import.meta.url));
const slotWidth = 340;
const slotHeight = 56;
const columns = 3;
const numbers = [0, 1, 2, 3, 4, 5];

/**
 * A page that can be read. Its first slots hold what is tested (an image or an iframe), the others still previews of
 * every number it may show, so one screenshot tells which number each of them shows. Only screenshots are trusted:
 * events and canvases tell another story than the screen does.
 */
export class Sheet {
  #slots = [];
  #live;
  #saved = 0;

  /**
   * @param {{url: string}} gateway makes the previews.
   * @param {{html: string, format?: string, look?: string}[]} live what is tested; `format` and `look` (parameters
   *   such as `&color=red`) choose the previews it is compared with.
   */
  constructor(gateway, live) {
    this.#live = live.map(({ html, format = 'png', look = '' }) => {
      this.#slots.push(html);
      return { index: this.#slots.length - 1, format, look };
    });
    for (const { format, look } of this.#live) this.#addPreviews(gateway, format, look);
  }

  #previews = new Map();

  #addPreviews(gateway, format, look) {
    const kind = format + look;
    if (this.#previews.has(kind)) return;
    const previews = numbers.flatMap((n) => [[`${n}`, `n=${n}`], [`~${n}`, `n=${n}&stale=1`]]).map(([shows, query]) => {
      this.#slots.push(`<img src="${gateway.url}/preview.${format}?${query}${look}" alt="">`);
      return { shows, index: this.#slots.length - 1 };
    });
    this.#previews.set(kind, previews);
  }

  get html() {
    const slots = this.#slots.map((content, index) => {
      const { left, top } = place(index);
      return `<div style="left:${left}px;top:${top}px">${content}</div>`;
    });
    // What is live goes last: where the first two pictures of a page never end, WebKitGTK at times asks for no other of their host. The
    // stills stayed away in one load of twenty (2.50 with libsoup 3.2.3, over HTTP/1.1).
    slots.push(...slots.splice(0, this.#live.length));
    return `<!doctype html><meta charset="utf-8"><title>A page</title><style>
      html, body { background: #fff; margin: 0 }
      div { position: absolute; width: ${slotWidth}px; height: ${slotHeight}px; overflow: hidden }
      img, iframe { display: block; border: 0 }</style>${slots.join('\n')}`;
  }

  /** What each tested slot shows: `2`, the last frame's `~2`, `blank`, `unreadable`, or `waiting` for the previews. */
  read(screenshot) {
    const pictures = this.#slots.map((_, index) => trim(crop(screenshot, { ...place(index), width: slotWidth, height: slotHeight })));
    return this.#live.map(({ index, format, look }) => {
      const previews = this.#previews.get(format + look).map((preview) => ({ ...preview, picture: pictures[preview.index] }));
      if (!distinct(previews)) return 'waiting';
      if (!pictures[index]) return 'blank';
      return previews.find(({ picture }) => same(picture, pictures[index]))?.shows ?? 'unreadable';
    });
  }

  /** Waits until the tested slots show these numbers, for example `'1'` or, with two slots, `'1', '~2'`. */
  async shows(page, ...expected) {
    return this.until(page, `the page shows ${expected}`, (shown) => `${shown}` === `${expected}`);
  }

  /** Waits until what is shown satisfies `accept`, and returns it. */
  async until(page, what, accept, patience = {}) {
    let screenshot;
    let shown;
    const look = async () => {
      screenshot = await page.screenshot();
      shown = this.read(screenshot);
      return accept(shown) && shown;
    };
    try {
      // A screenshot is work for the browser, which is to show something meanwhile.
      return await until(what, look, { every: 150, ...patience, seen: () => shown });
    } catch (error) {
      if (screenshot) error.message += ` (${this.#save(screenshot)})`;
      throw error;
    }
  }

  #save(screenshot) {
    mkdirSync(artifacts, { recursive: true });
    const file = join(artifacts, `screenshot-${process.pid}-${Date.now()}-${++this.#saved}.png`);
    writeFileSync(file, screenshot);
    return file;
  }
}

const place = (index) => ({
  left: (index % columns) * slotWidth,
  top: Math.floor(index / columns) * slotHeight,
});

/** Previews that have not come yet all look alike. */
function distinct(previews) {
  return previews.every(({ picture }, i) => picture && !previews.slice(0, i).some((other) => same(other.picture, picture)));
}
