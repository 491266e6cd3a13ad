using Counter.Gateway.Http;

namespace Counter.Gateway.Html;

/// <summary>The preview of a page where people share its address.</summary>
/// <param name="Base">The address of this Counter, as in <see cref="BaseAddress"/>.</param>
internal sealed record PageCard(string Base)
{
    // About 1.91 to 1: most services crop previews to that.
    private static readonly (string Name, string Value)[] Look =
    [
        ("label", "{n} online"), ("color", "0a7a4c"), ("background", "fbfcfb"), ("size", "40"), ("padding", "40"), ("minwidth", "245"), ("scale", "4"),
    ];

    /// <summary>A still of the start page's own number. The client that fetches it sends no page address and is not a viewer.</summary>
    public string Counter => ImageAddress.Write(
        "/online.png", [("site", Base[(Base.IndexOf("://", StringComparison.Ordinal) + 3)..].Split('/')[0]), ("page", "/"), ("live", "0"), ("watch", "1"), .. Look]);
}
