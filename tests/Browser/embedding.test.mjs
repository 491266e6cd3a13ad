import { after, test } from 'node:test';
import { engines } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { view } from './harness/viewer.mjs';
import { image, visit } from './harness/visit.mjs';

const gateway = await startGateway({ after });
const online = `${gateway.url}/online.png`;

// To a browser `localhost` is another site than the gateway's 127.0.0.1, as a customer's site would be.
const host = 'localhost';

for (const engine of engines) {
  test(`${engine.name} on another site sends only the site as referer, so all its pages are one`, { skip: engine.skip }, async (t) => {
    const live = [{ html: image(online) }];
    const { shows, site } = await visit(t, engine, { gateway, live, host, path: '/articles/one' });

    await shows('1');
    const home = await view(t, online, site.url('/', host));
    await shows('2');
    await view(t, online, site.url('/articles/one', host));
    home.leave();
    await shows('1');
  });

  test(`${engine.name} on another site counts the page of the parameter page`, { skip: engine.skip }, async (t) => {
    const live = [{ html: image(`${online}?page=/articles/one`) }];
    const { shows, site } = await visit(t, engine, { gateway, live, host, path: '/articles/one' });

    await shows('1');
    await view(t, online, site.url('/', host));
    await view(t, online, site.url('/articles/two', host));
    const reader = await view(t, online, site.url('/articles/one', host));
    await shows('2');
    reader.leave();
    await shows('1');
  });
}
