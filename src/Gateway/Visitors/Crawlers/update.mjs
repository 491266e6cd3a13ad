#!/usr/bin/env node
// Updates patterns.txt, and the agents of the tests, from https://github.com/monperrus/crawler-user-agents (MIT, see LICENSE):
// node src/Gateway/Visitors/Crawlers/update.mjs [crawler-user-agents.json]
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = 'https://raw.githubusercontent.com/monperrus/crawler-user-agents/master/crawler-user-agents.json';
const patterns = fileURLToPath(new URL('patterns.txt', import.meta.url));
const agents = fileURLToPath(new URL('../../../../tests/Gateway.Tests/Visitors/crawlers.txt', import.meta.url));

// A person watches an automated browser, or reads its result, so it counts.
const people = 'browser-automation';

const [, , file] = process.argv;
const list = file ? JSON.parse(readFileSync(file, 'utf8')) : await (await fetch(source)).json();
const crawlers = list.filter(({ tags = [] }) => !tags.includes(people));
const texts = new Set(crawlers.flatMap(({ pattern }) => alternatives(pattern).map(text)));
const all = [...new Set(crawlers.flatMap(({ instances = [] }) => instances))];
const missed = all.filter((agent) => ![...texts].some((t) => matches(t, agent)));
if (missed.length > 0) throw new Error(`These agents are not recognised:\n${missed.join('\n')}`);

// A text that contains another one needs no line of its own.
const needed = [...texts].filter((t) => ![...texts].some((other) => other !== t && matches(other, t.replace(/^\^/, '')) && !other.startsWith('^')));
writeFileSync(patterns, `${[
  '# What agents of crawlers contain, or begin with (^). Made by update.mjs from https://github.com/monperrus/crawler-user-agents, MIT, see LICENSE.',
  ...needed.sort(),
].join('\n')}\n`);
writeFileSync(agents, `${all.sort().join('\n')}\n`);
console.log(`${needed.length} texts recognise ${all.length} agents.`);

function matches(t, agent) {
  return t.startsWith('^') ? agent.startsWith(t.slice(1)) : agent.includes(t);
}

/** The patterns without choices that a pattern stands for. */
function alternatives(pattern) {
  const choice = /\[([A-Za-z]+)\]|\(([^()\\]*\|[^()\\]*)\)/.exec(pattern);
  if (!choice) return /^[^()[\]]+\|/.test(pattern) ? pattern.split('|') : [pattern];
  const [found, letters, words] = choice;
  const before = pattern.slice(0, choice.index);
  const after = pattern.slice(choice.index + found.length);
  return (letters ? [...letters] : words.split('|')).flatMap((one) => alternatives(one === '^' ? `^${after}` : one.startsWith('[^') || one === '$' ? before : before + one + after));
}

/** The longest piece of a pattern that is plain text. */
function text(pattern) {
  const begins = pattern.startsWith('^');
  const pieces = pattern.replace(/^\^|\$$/g, '').split(/\[\\s\\S\]\*|\\d\+?|\(\[\^-\]\|\$\)/).map((piece) => piece.replace(/\\(.)/g, '$1'));
  const longest = pieces.reduce((a, b) => (b.length > a.length ? b : a));
  if (longest.length < 3) throw new Error(`${pattern} is too short`);
  return begins && longest === pieces[0] ? `^${longest}` : longest;
}
