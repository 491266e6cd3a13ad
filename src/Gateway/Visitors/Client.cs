using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Counter.Gateway.Visitors;

/// <summary>What a request tells about the program that sent it.</summary>
internal static partial class Client
{
    /// <summary>The parameter that makes an address a browser's own. It means nothing.</summary>
    public const string OwnAddress = "own";

    private const string Chrome = "Chrome/";

    // One string for all streams of a version.
    private static readonly ConcurrentDictionary<int, string> ChromiumVersions = [];

    /// <summary>Whether a browser asks: it says where the answer goes, or calls itself Mozilla as they all do.</summary>
    public static bool IsBrowser(HttpRequest request) =>
        request.Headers.ContainsKey("Sec-Fetch-Dest")
        || request.Headers.UserAgent.ToString().Contains("Mozilla/", StringComparison.Ordinal);

    /// <summary>Whether a program asks that plays endless pictures: it says so, by the address or its <c>Accept</c>, or is one that is known to.</summary>
    public static bool IsPlayer(HttpRequest request) =>
        request.Query["length"] == "1"
        || request.Headers.Accept.ToString().Contains("multipart/x-mixed-replace", StringComparison.OrdinalIgnoreCase)
        || Players().IsMatch(request.Headers.UserAgent.ToString());

    /// <summary>Whether it is Firefox or another browser with its engine.</summary>
    public static bool IsFirefox(HttpRequest request) =>
        request.Headers.UserAgent.ToString() is var agent
        && agent.Contains("Gecko/", StringComparison.Ordinal) && agent.Contains("Firefox/", StringComparison.Ordinal);

    /// <summary>Whether it is Chromium or another browser with its engine.</summary>
    public static bool IsChromium(HttpRequest request) =>
        request.Headers.UserAgent.ToString().Contains(Chrome, StringComparison.Ordinal);

    /// <summary>
    /// Sends Firefox to an address that nobody else has, unless it is there: at one that another of its tabs may be showing, Firefox 153
    /// waits for that answer to be complete, which it never is, and the second tab shows nothing.
    /// </summary>
    /// <returns>Whether it was sent there. That answer is complete at once, so the next tab can ask.</returns>
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

    /// <summary>Whether the answer will be shown as a picture, so that a sentence has to be one.</summary>
    public static bool WantsImage(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"] == "image"
        || request.Headers.Accept.ToString().StartsWith("image/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a person opened the address, in a tab or a frame, so that a sentence has to be a page.</summary>
    public static bool WantsPage(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(type => type.MediaType == "text/html" && type.Quality is not 0);

    /// <summary>Whether an endless answer can work: not for HEAD, and HTTP/1.0 knows no chunks.</summary>
    public static bool CanStream(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && !HttpProtocol.IsHttp10(request.Protocol) && !HttpProtocol.IsHttp09(request.Protocol);

    /// <summary>Whether a picture should go on: an endless answer can work, and none was asked for that ends (<c>live=0</c>).</summary>
    public static bool WantsStream(HttpRequest request) => CanStream(request) && request.Query["live"] != "0";

    /// <summary>Whether a browser's own EventSource asks, not a script that reads the answer itself.</summary>
    public static bool IsEventSource(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether gzip may be sent (RFC 9110, 12.5.3), and is not less welcome than no coding.</summary>
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

    /// <summary>Chromium's major version, such as <c>Chromium 156</c>; null when there is none of at most four digits.</summary>
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

    // ffmpeg and all that use it, GStreamer, VLC, mpv, MPlayer, Kodi, and programs that watch cameras.
    [GeneratedRegex(@"^(Lavf/|GStreamer|VLC/|LibVLC/|libmpv|mpv|MPlayer|Kodi/|HomeAssistant/|go2rtc|Frigate|ZoneMinder|motionEye)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Players();
}
