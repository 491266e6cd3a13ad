import http from 'node:http';

let viewers = 0;

/**
 * Somebody else who looks at a page: holds the image's stream open as a browser would, without one.
 * Each has a User-Agent of its own, so that each is another visitor to the gateway.
 */
export async function view(scope, imageUrl, page) {
  const agent = `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Viewer/${++viewers}`;
  const headers = { Accept: 'image/*', 'User-Agent': agent, 'Sec-Fetch-Dest': 'image' };
  if (page) headers.Referer = page;
  const request = http.get(imageUrl, { headers, agent: false });
  scope.after(() => request.destroy());
  const response = await new Promise((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
  });
  if (response.statusCode !== 200) throw new Error(`${imageUrl} answered ${response.statusCode}.`);
  let received = 0;
  response.on('data', (data) => (received += data.length));
  response.on('error', () => {});
  return {
    response,
    get received() {
      return received;
    },
    leave: () => void request.destroy(),
  };
}
