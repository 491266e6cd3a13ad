using Counter.Counting.Pages;
using Counter.Gateway.Cluster;
using Counter.Gateway.Documents;
using Counter.Gateway.Network;
using Counter.Gateway.Sites;

namespace Counter.Gateway.Visitors;

/// <summary>Whether a page of the site shows what is requested, for sites that count nothing else (<see cref="SiteProof"/>).</summary>
/// <remarks>
/// Browsers say where a request comes from, and no page can make them say something else. Any other program can say anything.
/// </remarks>
internal sealed class RefererProof(SiteSettingsCache sites, ClusterSecret secret, TimeProvider clock)
{
    /// <summary>The parameter of a picture's address that has the proof of the frame around it.</summary>
    public const string Parameter = "proof";

    /// <summary>How long a frame may stay open before a stream that it opens anew no longer counts.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    // No host has a longer name (RFC 1035, 2.3.4), and "/" comes after it.
    private static readonly PageLimits AnyHost = new(Site: 260, Key: 261);

    private readonly SignedTokens tokens = new(secret, "frames", Lifetime, clock);

    /// <summary>Whether a request shows it, if the site wants that at all.</summary>
    public bool IsGiven(HttpRequest request, string site) => !IsWanted(site)
        || IsOf(request.Headers.Referer, site) || IsOf(request.Headers.Origin, site) || tokens.IsValid(Given(request), Text(request, site));

    /// <summary>
    /// What the picture in a frame of ours shows instead: its own requests say nothing of the page around the frame. Null where the site wants no proof,
    /// and where the request for the frame has none.
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

    /// <summary>The address is in it, or a page of another site could show its readers the picture with a proof that somebody else got.</summary>
    private static string Text(HttpRequest request, string site) => $"{site}\n{ClientAddress.Of(request.HttpContext)}\n{request.Headers.UserAgent}";
}
