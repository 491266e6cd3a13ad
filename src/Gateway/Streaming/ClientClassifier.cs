using Counter.Counting.Presence;
using Counter.Gateway.Documents;
using Counter.Gateway.Settings;
using Counter.Gateway.Visitors;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Streaming;

/// <summary>Says of each request for a stream how it is written and what settles it.</summary>
internal sealed partial class ClientClassifier(IOptions<StreamingOptions> options, BrowserConnections connections, ILogger<ClientClassifier> log)
{
    private readonly Padding? padding = options.Value.Pads ? new Padding(options.Value.ProbeBytes) : null;

    private int warned;

    /// <summary>Who asks for an endless picture.</summary>
    /// <param name="request">The request.</param>
    /// <param name="site">The settings of the site; null where it is about none.</param>
    public ClientKind Of(HttpRequest request, SiteSettings? site = null) =>
        Client.IsBrowser(request) ? WithConnection(request, OfBrowser(request, site)) : ClientKind.Tool;

    private ClientKind OfBrowser(HttpRequest request, SiteSettings? site) =>
        request.Query["length"] == "1" ? ClientKind.Tool
        : Client.IsFirefox(request) ? new ClientKind(WireProfile.Browser, SettledBy.Frame)
        : Client.IsChromium(request) ? OfChromium(request, site)
        : new ClientKind(WireProfile.Browser, SettledBy.Itself);

    /// <summary>Who asks for server-sent events.</summary>
    /// <remarks>
    /// Firefox keeps no page that has an EventSource, and leaving it closes the stream. Chromium keeps the page, and a padded comment settles
    /// it like a picture; but what <c>fetch</c> reads is neither closed nor inflated until the reader comes back (both measured).
    /// </remarks>
    public ClientKind OfEvents(HttpRequest request, SiteSettings site) =>
        !Client.IsBrowser(request) || !Client.IsChromium(request) ? ClientKind.Tool
        : WithConnection(request, Client.IsEventSource(request) ? OfChromium(request, site) : Unsettled);

    /// <summary>Who opens a WebSocket. Chromium keeps that of a left page open and answers for the page, whatever is sent (measured).</summary>
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

        // What an unknown proxy makes of a compressed body, nobody knows.
        return VisitorIdentity.CameThroughUnknownVia(request)
            ? Unsettled
            : new ClientKind(WireProfile.Gzip, SettledBy.Padding, padding, Client.ChromiumVersion(request));
    }

    private ClientKind WithConnection(HttpRequest request, ClientKind client) =>
        client with { Connection = connections.Describe(request, client.Settles) };

    private static ClientKind Unsettled { get; } = new(WireProfile.Browser, SettledBy.Nothing);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A Chromium browser's request for a live picture says that it takes no gzip. If all do, a proxy "
        + "in front takes Accept-Encoding away (nginx: proxy_set_header Accept-Encoding \"\"): have it passed on. Without gzip there are no probes, and "
        + "a page that was left counts as open for up to a minute.")]
    private partial void LogNoGzip();
}
