using System.Diagnostics.CodeAnalysis;
using Counter.Gateway.Documents;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Shapes;
using Counter.Gateway.Frames.Styles;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Numbers;

/// <summary>A badge in the endpoint schema of shields.io (https://shields.io/badges/endpoint-badge), which refuses unknown fields.</summary>
/// <param name="SchemaVersion">Always 1.</param>
/// <param name="Label">The left text, which may be empty.</param>
/// <param name="Message">The right text.</param>
/// <param name="Color">The colour on the right.</param>
/// <param name="IsError">Whether the number is not live.</param>
/// <param name="Style">A style of shields.io. Null for its default.</param>
/// <param name="CacheSeconds">How long shields.io and readers may keep the badge.</param>
internal sealed record ShieldsBadge(int SchemaVersion, string Label, string Message, string Color, bool IsError, string? Style, int CacheSeconds)
{
    // shields.io keeps the badge of an endpoint for no less.
    private const int LeastCacheSeconds = 300;

    private static readonly string[] Styles = ["flat", "flat-square", "plastic", "for-the-badge", "social"];

    /// <summary>Makes the badge of a number.</summary>
    /// <param name="query">The look.</param>
    /// <param name="site">Its default look.</param>
    /// <param name="displayed">The number.</param>
    /// <param name="badge">The badge.</param>
    /// <param name="refusal">Why there is none.</param>
    public static bool TryMake(
        IQueryCollection query, SiteSettings site, DisplayedCount displayed,
        [NotNullWhen(true)] out ShieldsBadge? badge, [NotNullWhen(false)] out Refusal? refusal)
    {
        var read = new StyleParameters(query, site.Look);
        var style = read.Read<string?>(
            "style",
            null,
            string.Join(", ", Styles.SkipLast(1)) + $" or {Styles[^1]}.",
            (string text, out string? known) => (known = Array.Find(Styles, style => style == text)) is not null);
        var label = CounterStyle.CaptionOf(read.Text("label") ?? StyleKind.Badge.LabelOf(query["count"].LastOrDefault()));
        var colors = new StyleColors { Accent = read.Color("color"), IsQuiet = !displayed.Live || displayed.Viewers == 0 };
        refusal = read.Errors.Count == 0 ? null : Refusal.BadParameters(read.Errors);
        badge = refusal is not null ? null : new ShieldsBadge(
            1, label, new CounterStyle(ImageFormat.Svg).NumberFor(displayed), colors.ColorOf(ColorRole.Accent, Theme.None).Hex, !displayed.Live, style, LeastCacheSeconds);
        return badge is not null;
    }
}
