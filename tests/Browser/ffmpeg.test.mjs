import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PNG } from 'pngjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';
import { same, trim } from './harness/picture.mjs';
import { installed, start, temporaryFolder } from './harness/processes.mjs';
import { view } from './harness/viewer.mjs';

const skip = installed('ffmpeg') ? false : 'ffmpeg not installed';
const gateway = skip ? undefined : await startGateway({ after });

test('ffmpeg reads /online.jpg as a stream of pictures', { skip }, async (t) => {
  const online = `${gateway.url}/online.jpg?site=example.com`;
  const folder = temporaryFolder('ffmpeg');
  const ffmpeg = start('ffmpeg', [
    '-nostdin', '-hide_banner', '-loglevel', 'warning', '-y',
    // Without these it would collect seconds of frames before it decodes the first one.
    '-fpsprobesize', '0', '-analyzeduration', '0', '-probesize', '32',
    '-f', 'mpjpeg', '-i', online,
    '-fps_mode', 'passthrough', '-frames:v', '2', '-threads', '1', '-flush_packets', '1', join(folder, '%d.png'),
  ]);
  t.after(() => ffmpeg.stop('SIGKILL'));
  const number = async () => (await (await fetch(`${gateway.url}/online.txt?site=example.com&watch=1`)).text()).trim();
  // The first time, much has to be read from disk until ffmpeg runs.
  await until('ffmpeg counts as a viewer', async () => (await number()) === '1', {
    deadline: 30_000, seen: async () => `${await number()}, and ffmpeg wrote: ${ffmpeg.log()}`,
  });

  const frame = (n) => join(folder, `${n}.png`);
  await view(t, online);
  const { code } = await ffmpeg.ended;

  assert.equal(code, 0, ffmpeg.log());
  assert.ok(existsSync(frame(1)) && existsSync(frame(2)), `two frames were decoded; ffmpeg wrote:\n${ffmpeg.log()}`);
  const [one, two] = [1, 2].map((n) => trim(PNG.sync.read(readFileSync(frame(n)))));
  assert.ok(one && two, 'the frames are not blank');
  assert.ok(!same(one, two), 'the second frame shows another number');
});
