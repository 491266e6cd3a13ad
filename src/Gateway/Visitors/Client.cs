using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Counter.Gateway.Visitors;

/// <summary>Classifies the program that sent a request.</summary>
internal static partial class Client
{
    /// <summary>The parameter that makes an address unique. It has no other meaning.</summary>
    public const string OwnAddress = "own";

    private const string Chrome = "Chrome/";

    // One string for all streams of a version.
    private static readonly ConcurrentDictionary<int, string> ChromiumVersions = [];

    /// <summary>Whether the request comes from a browser: it names a destination, or its agent contains Mozilla, as in all browsers.</summary>
    public static bool IsBrowser(HttpRequest request) =>
        request.Headers.ContainsKey("Sec-Fetch-Dest")
        || request.Headers.UserAgent.ToString().Contains("Mozilla/", StringComparison.Ordinal);

    /// <summary>
    /// Whether the request comes from a player of endless pictures: its address or its <c>Accept</c> asks for one, or its agent is a known
    /// player.
    /// </summary>
    public static bool IsPlayer(HttpRequest request) =>
        request.Query["length"] == "1"
        || request.Headers.Accept.ToString().Contains("multipart/x-mixed-replace", StringComparison.OrdinalIgnoreCase)
        || Players().IsMatch(request.Headers.UserAgent.ToString());

    /// <summary>Whether the request comes from Firefox or another browser with its engine.</summary>
    public static bool IsFirefox(HttpRequest request) =>
        request.Headers.UserAgent.ToString() is var agent
        && agent.Contains("Gecko/", StringComparison.Ordinal) && agent.Contains("Firefox/", StringComparison.Ordinal);

    /// <summary>Whether the request comes from Chromium or another browser with its engine.</summary>
    public static bool IsChromium(HttpRequest request) =>
        request.Headers.UserAgent.ToString().Contains(Chrome, StringComparison.Ordinal);

    /// <summary>
    /// Redirects Firefox to an address of its own, unless it has one. Where another tab may show the same address, Firefox 153 waits until that
    /// response is complete. An endless response never is, and the second tab shows nothing.
    /// </summary>
    /// <returns>Whether the redirect was sent. That response is complete at once, so the next tab can send its request.</returns>
    public static bool TrySendToOwnAddress(HttpContext context)
    {
        var request = context.Request;
        if (!IsFirefox(request) || request.Query.ContainsKey(OwnAddress))
        {
            return false;
        }

        context.Response.Headers.CacheControl = "no-store";
        context.Response.Redirect(
            request.Path + request.QueryString.Add(OwnAddress, Guid.NewGuid().ToString("N")[..12]).Value);
        return true;
    }

    /// <summary>Whether the client shows the response as a picture, so that a sentence has to be drawn.</summary>
    public static bool WantsImage(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"] == "image"
        || request.Headers.Accept.ToString().StartsWith("image/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a person opened the address, in a tab or a frame, so that a sentence has to be a page.</summary>
    public static bool WantsPage(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(type => type.MediaType == "text/html" && type.Quality is not 0);

    /// <summary>Whether an endless response is possible. HEAD has no body, and HTTP/1.0 has no chunks.</summary>
    public static bool CanStream(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && !HttpProtocol.IsHttp10(request.Protocol) && !HttpProtocol.IsHttp09(request.Protocol);

    /// <summary>Whether a picture should be live: an endless response is possible, and the request does not turn it off (<c>live=0</c>).</summary>
    public static bool WantsStream(HttpRequest request) => CanStream(request) && request.Query["live"] != "0";

    /// <summary>Whether the request comes from an EventSource of a browser, and not from a script that reads the response itself.</summary>
    public static bool IsEventSource(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the request comes from an EventSource that reconnects. It names the last id of its events (HTML, 9.2.4).</summary>
    public static bool HasReadEvents(HttpRequest request) => request.Headers.ContainsKey("Last-Event-ID");

    /// <summary>Whether the request accepts gzip (RFC 9110, 12.5.3), and does not prefer no coding.</summary>
    public static bool AcceptsGzip(HttpRequest request)
    {
        double? gzip = null, any = null, identity = null;
        foreach (var coding in request.GetTypedHeaders().AcceptEncoding)
        {
            var quality = coding.Quality ?? 1;
            switch (coding.Value.Value?.ToLowerInvariant())
            {
                case "gzip" or "x-gzip":
                    gzip = quality;
                    break;
                case "identity":
                    identity = quality;
                    break;
                case "*":
                    any = quality;
                    break;
            }
        }

        return (gzip ?? any ?? 0) is > 0 and var accepted && accepted >= (identity ?? 0);
    }

    /// <summary>Chromium's major version, such as <c>Chromium 156</c>. Null without a version of at most four digits.</summary>
    public static string? ChromiumVersion(HttpRequest request)
    {
        var agent = request.Headers.UserAgent.ToString();
        var at = agent.IndexOf(Chrome, StringComparison.Ordinal);
        var version = at < 0 ? "" : agent.AsSpan(at + Chrome.Length);
        var digits = version.IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : version.Length;
        return digits is > 0 and <= 4
            ? ChromiumVersions.GetOrAdd(int.Parse(version[..digits], CultureInfo.InvariantCulture), static major => $"Chromium {major}")
            : null;
    }

    // ffmpeg and programs that use it, GStreamer, VLC, mpv, MPlayer, Kodi, and camera software.
    [GeneratedRegex(@"^(Lavf/|GStreamer|VLC/|LibVLC/|libmpv|mpv|MPlayer|Kodi/|HomeAssistant/|go2rtc|Frigate|ZoneMinder|motionEye)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Players();
}
