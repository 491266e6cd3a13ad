namespace Counter.Gateway.Streaming;

/// <summary>What a request tells about the program that sent it.</summary>
internal static class Client
{
    /// <summary>Whether a browser asks: it says where the answer goes, or calls itself Mozilla as they all do.</summary>
    public static bool IsBrowser(HttpRequest request) =>
        request.Headers.ContainsKey("Sec-Fetch-Dest")
        || request.Headers.UserAgent.ToString().Contains("Mozilla/", StringComparison.Ordinal);

    /// <summary>Whether it is Firefox or another browser with its engine.</summary>
    public static bool IsFirefox(HttpRequest request) =>
        request.Headers.UserAgent.ToString() is var agent
        && agent.Contains("Gecko/", StringComparison.Ordinal) && agent.Contains("Firefox/", StringComparison.Ordinal);

    /// <summary>Whether the answer will be shown as a picture, so that a sentence has to be one.</summary>
    public static bool WantsImage(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"] == "image"
        || request.Headers.Accept.ToString().StartsWith("image/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an endless answer can work: not for HEAD, and HTTP/1.0 knows no chunks.</summary>
    public static bool CanStream(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && !HttpProtocol.IsHttp10(request.Protocol) && !HttpProtocol.IsHttp09(request.Protocol);
}
