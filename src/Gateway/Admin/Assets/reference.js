// The page may be below a path of a proxy; the description and all calls are below the same.
const base = location.origin + location.pathname.replace(/\/docs\/api\/?$/, '');

Scalar.createApiReference('#reference', {
  url: `${base}/openapi/v1.json`,
  baseServerURL: base,
  servers: [{ url: base }],
  authentication: { preferredSecurityScheme: 'Key' },
  // Nothing of it is asked of anybody but this server, and no key is kept.
  withDefaultFonts: false,
  telemetry: false,
  persistAuth: false,
  agent: { disabled: true, hideAddApi: true },
  mcp: { disabled: true },
  showDeveloperTools: 'never',
  hideClientButton: true,
  documentDownloadType: 'json',
  tagsSorter: 'alpha',
});
