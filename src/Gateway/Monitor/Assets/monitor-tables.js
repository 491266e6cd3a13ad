// The data of the monitor and its tables. Text from outside is set as textContent only, never as HTML.
const shownRows = 20;

let gateway;
let columns = [];
let samples = [];

const read = (row) => {
  const sample = Object.fromEntries(columns.map((name, i) => [name, row[i]]));
  sample.busy = sample.idle === null ? null : 100 - sample.idle;
  sample.stalled = sample.wait === null ? null : sample.wait + sample.steal;
  sample.used = sample.memory === null ? null : sample.memory - sample.available;
  return sample;
};

const hear = {
  samples(message) {
    // Samples from before a restart are kept. The time without samples is a gap.
    const before = gateway === message.gateway ? samples : [];
    gateway = message.gateway;
    columns = message.columns;
    const fresh = message.samples.map(read);
    const from = fresh.length ? fresh[0].at : Infinity;
    samples = [...before.filter(({ at }) => at < from), ...fresh];
    forget();
    fillSamples();
    show();
  },
  sample(message) {
    const sample = read(message.sample);
    if (samples.length && sample.at <= samples.at(-1).at) return;
    samples.push(sample);
    forget();
    addSample(sample);
    show();
  },
  busiest({ busiest }) {
    const rows = busiest.map((page) => [page.site + page.page, count(page.viewers), count(page.peak), count(page.arrivals)]);
    fill("#busiest", rows, "No page has viewers.");
  },
  gateways({ gateways }) {
    document.querySelector("#gateways-section").hidden = gateways.length < 2;
    fill("#gateways", gateways.map((g) => [
      g.name + (g.here ? " (this one)" : ""), count(g.viewers), count(g.streams), rate(g.frames), bytes(g.bytes), percent(g.process), bytes(g.resident),
      span(Date.now() - Date.parse(g.startedAt)),
      `${span(Date.now() - Date.parse(g.seenAt))} ago`, g.version,
    ]), "");
  },
};

function forget() {
  const from = samples.length ? samples.at(-1).at - most * 1000 : 0;
  while (samples.length && samples[0].at < from) samples.shift();
}

const writers = {
  viewers: count, joins: rate, leaves: rate, pages: count, sites: count, streams: count, frames: rate, bytes, busy: percent, resident: bytes,
};

const rowOf = (s) => [
  clockWithSeconds.format(s.at), count(s.viewers), count(s.streams), rate(s.joins), rate(s.leaves), rate(s.frames), bytes(s.bytes), rate(s.skipped),
  rate(s.dropped), percent(s.user), percent(s.system), percent(s.stalled), percent(s.idle), percent(s.process), bytes(s.resident),
];

function tableRow(cells) {
  const row = document.createElement("tr");
  for (const text of cells) {
    const cell = document.createElement("td");
    cell.textContent = text;
    row.append(cell);
  }
  row.firstChild.title = cells[0];
  return row;
}

function fill(table, rows, none) {
  const body = document.querySelector(`${table} tbody`);
  if (rows.length) return body.replaceChildren(...rows.map(tableRow));
  const row = tableRow([none]);
  row.firstChild.colSpan = document.querySelectorAll(`${table} thead th`).length;
  row.firstChild.className = "none";
  body.replaceChildren(row);
}

const body = document.querySelector("#samples tbody");
const fillSamples = () => body.replaceChildren(...samples.slice(-shownRows).reverse().map((s) => tableRow(rowOf(s))));

function addSample(sample) {
  body.prepend(tableRow(rowOf(sample)));
  while (body.rows.length > shownRows) body.lastChild.remove();
}
