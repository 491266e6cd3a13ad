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
    /// Whether the browser asks for a picture at an address that another of its tabs may be showing. Firefox 153 then waits for that
    /// answer to be complete, which it never is, and the second tab shows nothing.
    /// </summary>
    public static bool WaitsForSameAddress(HttpRequest request) => IsFirefox(request) && !request.Query.ContainsKey(OwnAddress);

    /// <summary>Sends a browser to an address that nobody else has. The answer is complete at once, so the next tab can ask.</summary>
    public static void SendToOwnAddress(HttpContext context)
    {
        var request = context.Request;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Redirect(
            request.PathBase + request.Path + request.QueryString.Add(OwnAddress, Guid.NewGuid().ToString("N")[..12]).Value);
    }

    /// <summary>Whether the answer will be shown as a picture, so that a sentence has to be one.</summary>
    public static bool WantsImage(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"] == "image"
        || request.Headers.Accept.ToString().StartsWith("image/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an endless answer can work: not for HEAD, and HTTP/1.0 knows no chunks.</summary>
    public static bool CanStream(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && !HttpProtocol.IsHttp10(request.Protocol) && !HttpProtocol.IsHttp09(request.Protocol);
}
