
namespace Counter.Gateway.Http;

/// <summary>The address under which the person who asks reaches this gateway.</summary>
internal static class BaseAddress
{
    /// <summary>Scheme, host, and the path below which a proxy serves it, without a slash at the end.</summary>
    /// <remarks>
    /// The host is whatever the client wrote. Only one that is a host name or address comes through, since the snippets are
    /// text that people paste elsewhere.
    /// </remarks>
    public static string Of(HttpRequest request) => Host(request) + request.PathBase.ToUriComponent();

    private static string Host(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host.ToUriComponent()}", UriKind.Absolute, out var uri)
        && Uri.CheckHostName(uri.IdnHost) != UriHostNameType.Unknown && uri.UserInfo.Length == 0
            ? uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)
            : request.Scheme + "://counter.example";
}
