using Counter.Counting.Presence;
using Counter.Gateway.Documents;
using Counter.Gateway.Settings;
using Counter.Gateway.Visitors;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Streaming;

/// <summary>Decides for each stream request how the stream is written and what settles it.</summary>
internal sealed partial class ClientClassifier(IOptions<StreamingOptions> options, BrowserConnections connections, ILogger<ClientClassifier> log)
{
    private readonly Padding? padding = options.Value.Pads ? new Padding(options.Value.ProbeBytes) : null;

    private int warned;

    /// <summary>Classifies a request for an endless picture.</summary>
    /// <param name="request">The request.</param>
    /// <param name="site">The settings of the site. Null where the request belongs to no site.</param>
    public ClientKind Of(HttpRequest request, SiteSettings? site = null) =>
        Client.IsBrowser(request) ? WithConnection(request, OfBrowser(request, site)) : ClientKind.Tool;

    private ClientKind OfBrowser(HttpRequest request, SiteSettings? site) =>
        request.Query["length"] == "1" ? ClientKind.Tool
        : Client.IsFirefox(request) ? new ClientKind(WireProfile.Browser, SettledBy.Frame)
        : Client.IsChromium(request) ? OfChromium(request, site)
        : new ClientKind(WireProfile.Browser, SettledBy.Itself);

    /// <summary>Classifies a request for server-sent events.</summary>
    /// <remarks>
    /// Firefox does not cache a page that has an EventSource, and leaving the page closes the stream. Chromium caches the page, and a padded
    /// comment settles it like a picture. Chromium neither closes nor inflates a body that <c>fetch</c> reads until its reader reads again (both
    /// measured).
    /// </remarks>
    public ClientKind OfEvents(HttpRequest request, SiteSettings site) =>
        !Client.IsBrowser(request) || !Client.IsChromium(request) ? ClientKind.Tool
        : WithConnection(request, Client.IsEventSource(request) ? OfChromium(request, site) : Unsettled);

    /// <summary>
    /// Classifies a WebSocket request. Chromium keeps the socket of a left page open and replies for the page, whatever is sent (measured).
    /// </summary>
    public static ClientKind OfMessages(HttpRequest request) =>
        Client.IsBrowser(request) && Client.IsChromium(request) ? Unsettled : ClientKind.Tool;

    private ClientKind OfChromium(HttpRequest request, SiteSettings? site)
    {
        if (padding is null || site?.Probes == false)
        {
            return Unsettled;
        }

        if (!Client.AcceptsGzip(request))
        {
            if (Interlocked.Exchange(ref warned, 1) == 0)
            {
                LogNoGzip();
            }

            return Unsettled;
        }

        // An unknown proxy may change a compressed body.
        return VisitorIdentity.CameThroughUnknownVia(request)
            ? Unsettled
            : new ClientKind(WireProfile.Gzip, SettledBy.Padding, padding, Client.ChromiumVersion(request));
    }

    private ClientKind WithConnection(HttpRequest request, ClientKind client) =>
        client with { Connection = connections.Describe(request, client.Settles) };

    private static ClientKind Unsettled { get; } = new(WireProfile.Browser, SettledBy.Nothing);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A Chromium browser requests a live picture but accepts no gzip. If all requests do, a proxy "
        + "in front removes Accept-Encoding (nginx: proxy_set_header Accept-Encoding \"\"): make it pass that on. Without gzip there are no probes, and "
        + "a page that was left counts as open for up to a minute.")]
    private partial void LogNoGzip();
}
