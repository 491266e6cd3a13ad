// The charts of the monitor.
const line = (name, label, color) => ({ name, label, color });
const charts = [
  { name: "viewers", write: count, series: [line("viewers", "", "c3")], filled: true, wholes: true },
  { name: "joins", write: rate, series: [line("joins", "joins", "c3"), line("leaves", "leaves", "c2")] },
  { name: "frames", write: rate, series: [line("frames", "", "c1")], filled: true },
  { name: "bytes", write: bytes, series: [line("bytes", "", "c1")], filled: true },
  {
    name: "cpu", write: percent, stacked: true, top: 100,
    series: [line("user", "user", "c1"), line("system", "system", "c2"), line("stalled", "wait", "c4")],
    also: [line("idle", "idle", "rest"), line("process", "Counter", null)],
  },
  {
    name: "memory", write: bytes, series: [line("resident", "Counter", "c1"), line("managed", "objects", "c3")],
    also: [line("used", "machine", null), line("memory", "of", null)],
  },
].map((chart) => {
  const canvas = document.querySelector(`canvas[data-chart=${chart.name}]`);
  const legend = document.querySelector(`[data-legend=${chart.name}]`);
  const values = [...chart.series, ...(chart.also ?? [])].map(({ name, label, color }) => {
    const item = document.createElement("span");
    if (color && label) {
      const swatch = document.createElement("i");
      swatch.className = `i-${color}`;
      item.append(swatch);
    }
    const value = document.createElement("b");
    item.append(`${label} `, value);
    legend.append(item);
    return { name, value };
  });
  return { ...chart, canvas, values, paint: canvas.getContext("2d") };
});

// While the pointer is on a chart, all legends show the values of this sample.
let pointed;

/** The step between gridlines: 1, 2 or 5 times a power of ten, with at most `lines` steps up to `high`. */
function stepFor(high, lines, least) {
  const power = 10 ** Math.floor(Math.log10(high / lines));
  return Math.max([1, 2, 5, 10].map((n) => n * power).find((step) => high / step <= lines), least);
}

/** Splits the samples where some are missing, so the chart shows the gap. */
function pieces(names) {
  const found = [];
  let piece = [];
  let last;
  for (const sample of samples) {
    const missing = names.some((name) => sample[name] === null);
    if (missing || (last !== undefined && sample.at - last > 5000)) {
      if (piece.length) found.push(piece);
      piece = [];
    }
    if (!missing) piece.push(sample);
    last = sample.at;
  }
  return piece.length ? [...found, piece] : found;
}

function draw(chart, color) {
  const { canvas, paint, series } = chart;
  const { clientWidth: width, clientHeight: height } = canvas;
  const density = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * density)) canvas.width = Math.round(width * density);
  if (canvas.height !== Math.round(height * density)) canvas.height = Math.round(height * density);
  paint.setTransform(density, 0, 0, density, 0, 0);
  paint.clearRect(0, 0, width, height);

  const bottom = height - 20;
  const to = samples.length ? samples.at(-1).at : Date.now();
  const from = to - most * 1000;
  const x = (at) => ((at - from) / (to - from)) * (width - 3);
  const highest = Math.max(0, ...samples.flatMap((s) => series.map(({ name }) => s[name] ?? 0)));
  const step = stepFor((chart.top ?? highest) || 1, 4, chart.wholes ? 1 : 0);
  const top = chart.top ?? Math.max(step, Math.ceil((highest * 1.05) / step) * step);
  const y = (value) => bottom - (value / top) * (bottom - 16);

  const stacked = series.map(({ name }, i) => {
    const below = series.slice(0, i).map(({ name }) => name);
    const sum = (s) => below.reduce((all, other) => all + s[other], 0);
    return { name, low: chart.stacked ? sum : () => 0, high: chart.stacked ? (s) => sum(s) + s[name] : (s) => s[name] };
  });
  stacked.forEach(({ name, low, high }, i) => {
    paint.fillStyle = paint.strokeStyle = color(series[i].color);
    for (const piece of pieces(chart.stacked ? series.map((s) => s.name) : [name])) {
      if (chart.stacked || chart.filled) {
        paint.globalAlpha = chart.stacked ? 0.75 : 0.14;
        paint.beginPath();
        for (const s of piece) paint.lineTo(x(s.at), y(high(s)));
        for (const s of piece.toReversed()) paint.lineTo(x(s.at), y(low(s)));
        paint.fill();
        paint.globalAlpha = 1;
      }
      if (!chart.stacked) {
        paint.lineWidth = 1.6;
        paint.lineJoin = "round";
        paint.beginPath();
        for (const s of piece) paint.lineTo(x(s.at), y(high(s)));
        paint.stroke();
      }
    }
  });

  paint.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  paint.textAlign = "left";
  for (let i = 0; i * step <= top * 1.0001; i++) {
    const at = Math.round(y(i * step)) + 0.5;
    paint.fillStyle = color("grid");
    paint.fillRect(0, at - 0.5, width, 1);
    // Labels are above their gridlines, so the chart does not move sideways when they get longer.
    if (i > 0) label(chart.write(i * step).replace(/\.0(?!\d)/, ""), 0, at - 4);
  }
  const every = (width < 420 ? 5 : 3) * 60_000;
  paint.textAlign = "center";
  for (let at = Math.ceil(from / every) * every; at <= to; at += every) {
    const middle = x(at);
    if (middle > 16 && middle < width - 16) label(clock.format(at), middle, height - 5);
  }

  if (pointed && pointed.at >= from) {
    paint.fillStyle = color("soft");
    paint.fillRect(Math.round(x(pointed.at)), 12, 1, bottom - 12);
  }

  function label(text, at, baseline) {
    paint.lineWidth = 3;
    paint.strokeStyle = color("paper");
    paint.strokeText(text, at, baseline);
    paint.fillStyle = color("soft");
    paint.fillText(text, at, baseline);
  }
}

for (const { canvas } of charts) {
  canvas.addEventListener("pointermove", (event) => {
    if (!samples.length) return;
    const to = samples.at(-1).at;
    const wanted = to - (1 - event.offsetX / (canvas.clientWidth - 3)) * most * 1000;
    pointed = samples.reduce((best, s) => (Math.abs(s.at - wanted) < Math.abs(best.at - wanted) ? s : best));
    show();
  });
  canvas.addEventListener("pointerleave", () => {
    pointed = undefined;
    show();
  });
}
