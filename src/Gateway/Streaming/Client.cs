namespace Counter.Gateway.Streaming;

/// <summary>What a request tells about the program that sent it.</summary>
internal static class Client
{
    /// <summary>The parameter that makes an address a browser's own. It means nothing.</summary>
    public const string OwnAddress = "own";

    /// <summary>Whether a browser asks: it says where the answer goes, or calls itself Mozilla as they all do.</summary>
    public static bool IsBrowser(HttpRequest request) =>
        request.Headers.ContainsKey("Sec-Fetch-Dest")
        || request.Headers.UserAgent.ToString().Contains("Mozilla/", StringComparison.Ordinal);

    /// <summary>Whether it is Firefox or another browser with its engine.</summary>
    public static bool IsFirefox(HttpRequest request) =>
        request.Headers.UserAgent.ToString() is var agent
        && agent.Contains("Gecko/", StringComparison.Ordinal) && agent.Contains("Firefox/", StringComparison.Ordinal);

    /// <summary>Whether it is Chromium or another browser with its engine.</summary>
    public static bool IsChromium(HttpRequest request) =>
        request.Headers.UserAgent.ToString().Contains("Chrome/", StringComparison.Ordinal);

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
            request.PathBase + request.Path + request.QueryString.Add(OwnAddress, Guid.NewGuid().ToString("N")[..12]).Value);
        return true;
    }

    /// <summary>Whether the answer will be shown as a picture, so that a sentence has to be one.</summary>
    public static bool WantsImage(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"] == "image"
        || request.Headers.Accept.ToString().StartsWith("image/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an endless answer can work: not for HEAD, and HTTP/1.0 knows no chunks.</summary>
    public static bool CanStream(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && !HttpProtocol.IsHttp10(request.Protocol) && !HttpProtocol.IsHttp09(request.Protocol);

    /// <summary>Whether a picture should go on: an endless answer can work, and none was asked for that ends (<c>live=0</c>).</summary>
    public static bool WantsStream(HttpRequest request) => CanStream(request) && request.Query["live"] != "0";

    /// <summary>How a stream's parts are written for the program that asked. <c>length=1</c> asks for what tools need.</summary>
    public static WireProfile ProfileOf(HttpRequest request) =>
        IsBrowser(request) && request.Query["length"] != "1" ? WireProfile.Browser : WireProfile.Tool;
}
