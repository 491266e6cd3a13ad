using Counter.Gateway.Http;

namespace Counter.Gateway.Html;

/// <summary>What is shown where people share the address of a page.</summary>
/// <param name="Base">Where this Counter is, as in <see cref="BaseAddress"/>.</param>
internal sealed record PageCard(string Base)
{
    // About 1.91 to 1, which is what most places cut cards to.
    private static readonly (string Name, string Value)[] Look =
    [
        ("label", "{n} online"), ("color", "0a7a4c"), ("background", "fbfcfb"), ("size", "40"), ("padding", "40"), ("minwidth", "245"), ("scale", "4"),
    ];

    /// <summary>A still of the start page's own number. Whoever fetches it names no page and is no reader of it.</summary>
    public string Counter => ImageAddress.Write(
        "/online.png", [("site", Base[(Base.IndexOf("://", StringComparison.Ordinal) + 3)..].Split('/')[0]), ("page", "/"), ("live", "0"), ("watch", "1"), .. Look]);
}
