
namespace Counter.Gateway.Http;

/// <summary>The address of this gateway as the client reaches it.</summary>
internal static class BaseAddress
{
    /// <summary>Scheme, host, and the path below which a proxy serves it, without a slash at the end.</summary>
    /// <remarks>
    /// The client sends the host. Only a valid host name or address is used, because people paste the snippets elsewhere.
    /// </remarks>
    public static string Of(HttpRequest request) => Host(request) + request.PathBase.ToUriComponent();

    private static string Host(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host.ToUriComponent()}", UriKind.Absolute, out var uri)
        && Uri.CheckHostName(uri.IdnHost) != UriHostNameType.Unknown && uri.UserInfo.Length == 0
            ? uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)
            : request.Scheme + "://counter.example";
}
