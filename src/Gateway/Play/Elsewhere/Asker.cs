using System.Globalization;
using Counter.Gateway.Embedding;
using Counter.Gateway.Streaming;
using Counter.Gateway.Visitors;

namespace Counter.Gateway.Play.Elsewhere;

/// <summary>What a table has to know of whoever asks, and what another gateway passes on of it.</summary>
/// <param name="Browser">What tells the browser from others: a keyed hash of its address and name, which all gateways make alike.</param>
/// <param name="Base">Under which address the gateway was reached.</param>
internal readonly record struct Asker(ulong Browser, string Base)
{
    private const string BrowserHeader = "Counter-Browser";
    private const string BaseHeader = "Counter-Base";

    /// <summary>Whoever sends this request.</summary>
    public static Asker Of(HttpContext context, DailySalt salt) => new(
        salt.HashForGood($"play\n{ClientAddress.Of(context)}\n{context.Request.Headers.UserAgent}"), BaseAddress.Of(context.Request));

    /// <summary>Of whom another gateway speaks.</summary>
    public static Asker Read(HttpRequest request) => new(
        ulong.TryParse(request.Headers[BrowserHeader], NumberStyles.None, CultureInfo.InvariantCulture, out var browser) ? browser : 0,
        request.Headers[BaseHeader].ToString());

    /// <summary>Tells another gateway.</summary>
    public void Write(HttpRequestMessage request)
    {
        request.Headers.Add(BrowserHeader, Browser.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(BaseHeader, Base);
    }
}
