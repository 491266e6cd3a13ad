// The page may be below a path of a proxy. The description and all calls are below the same path.
const base = location.origin + location.pathname.replace(/\/docs\/api\/?$/, '');

Scalar.createApiReference('#reference', {
  url: `${base}/openapi/v1.json`,
  baseServerURL: base,
  servers: [{ url: base }],
  authentication: { preferredSecurityScheme: 'Key' },
  // No other server is contacted, and no key is stored.
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
