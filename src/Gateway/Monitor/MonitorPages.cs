using Counter.Gateway.Html;

namespace Counter.Gateway.Monitor;

/// <summary>The assets and policies of the pages of the monitor. The pages are not cached, because they are for the operator only.</summary>
internal static class MonitorPages
{
    public static readonly Asset Style = Asset.Style("monitor.css");
    public static readonly Asset Script = Asset.Script("monitor-words.js", "monitor-tables.js", "monitor-charts.js", "monitor.js");

    private const string Rest = "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    // Not no-referrer: with it, browsers send "Origin: null" with forms of these pages.
    private const string Referrer = "same-origin";

    /// <summary>Allows its style, its script, its WebSocket and the form that signs out.</summary>
    public static readonly PagePolicy Live = new(
        $"default-src 'none'; img-src 'self'; connect-src 'self'; style-src {Asset.SiteStyle.Source} {Style.Source}; "
        + $"script-src {Script.Source}; {Rest}",
        Referrer)
    { Caching = "no-store" };

    /// <summary>Allows its style and its live pictures.</summary>
    public static readonly PagePolicy Plain = new(
        $"default-src 'none'; img-src 'self'; style-src {Asset.SiteStyle.Source} {Style.Source}; {Rest}", Referrer)
    { Caching = "no-store" };

    /// <summary>Allows its style and its form.</summary>
    public static readonly PagePolicy SignIn = Plain;
}
