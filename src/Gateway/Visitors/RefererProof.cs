using Counter.Counting.Pages;
using Counter.Gateway.Cluster;
using Counter.Gateway.Documents;
using Counter.Gateway.Network;
using Counter.Gateway.Sites;

namespace Counter.Gateway.Visitors;

/// <summary>Checks whether a page of the site sent a request, for sites that count no others (<see cref="SiteProof"/>).</summary>
/// <remarks>
/// A browser says which page sends a request, and the page cannot change that. Any other program can send anything.
/// </remarks>
internal sealed class RefererProof(SiteSettingsCache sites, ClusterSecret secret, TimeProvider clock)
{
    /// <summary>The parameter with the proof of the frame around a picture.</summary>
    public const string Parameter = "proof";

    /// <summary>How long a proof is valid. A stream that an open frame starts later does not count.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    // The name of a host has at most 255 bytes (RFC 1035, 2.3.4).
    private static readonly PageLimits AnyHost = new(Site: 255, Key: 256);

    private readonly SignedTokens tokens = new(secret, "frames", Lifetime, clock);

    /// <summary>Whether a request has the proof that the site requires.</summary>
    public bool IsGiven(HttpRequest request, string site) => !IsWanted(site)
        || IsOf(request.Headers.Referer, site) || IsOf(request.Headers.Origin, site) || tokens.IsValid(Given(request), Text(request, site));

    /// <summary>
    /// Returns the proof for the picture in a frame of this service, whose request does not name the page around the frame. Null when the site requires
    /// none, and when the request for the frame has none.
    /// </summary>
    public string? Pass(HttpRequest request, string site)
    {
        site = sites.Resolve(new PageKey(site, "/")).Site;
        return !IsWanted(site) ? null
            : IsOf(request.Headers.Referer, site) ? tokens.Issue(Text(request, site))
            : tokens.IsValid(Given(request), Text(request, site)) ? Given(request)
            : null;
    }

    private bool IsWanted(string site) => sites.Find(site)?.Proof == SiteProof.Referer;

    private bool IsOf(string? address, string site) =>
        PageAddress.TryDerive(address, site: null, "/", AnyHost, out var page, out _) && sites.Resolve(page).Site == site;

    private static string? Given(HttpRequest request) => request.Query[Parameter].LastOrDefault();

    /// <summary>It contains the client's address. Otherwise another site could show the picture to its readers with a proof that it requested itself.</summary>
    private static string Text(HttpRequest request, string site) => $"{site}\n{ClientAddress.Of(request.HttpContext)}\n{request.Headers.UserAgent}";
}
