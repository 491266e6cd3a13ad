import { createServer } from 'node:http';

/**
 * A small web site whose pages embed the counter. Each has a port of its own and is therefore a site of its own to
 * the gateway, so tests that share a gateway never see each other's viewers.
 */
export async function startSite(scope) {
  const pages = new Map();
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://site').pathname;
    const { html, caching = 'no-store' } = pages.get(path) ?? {};
    response.writeHead(html ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': caching });
    response.end(html);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Streams through the test's own pages may still be open, so connections are cut, not waited for.
  scope.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address();
  return {
    port,
    /** The same server under another name is another site to a browser. */
    url: (path, host = '127.0.0.1') => `http://${host}:${port}${path}`,
    /** Browsers keep no page in their back/forward cache that is not to be stored. */
    add: (path, html, caching) => void pages.set(path, { html, caching }),
  };
}
