using Counter.Gateway.Html;

namespace Counter.Gateway.Monitor;

/// <summary>What the pages of the monitor bring along, and what they may do. Nobody keeps them: they are the operator's.</summary>
internal static class MonitorPages
{
    public static readonly Asset Style = Asset.Style("monitor.css");
    public static readonly Asset Script = Asset.Script("monitor-words.js", "monitor-tables.js", "monitor-charts.js", "monitor.js");

    private const string Rest = "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    // No Referrer-Policy of no-referrer: with it, browsers send "Origin: null" with our own forms.
    private const string Referrer = "same-origin";

    /// <summary>Its style, its script, its WebSocket and its way out.</summary>
    public static readonly PagePolicy Live = new(
        $"default-src 'none'; img-src 'self'; connect-src 'self'; style-src {Asset.SiteStyle.Source} {Style.Source}; "
        + $"script-src {Script.Source}; {Rest}",
        Referrer)
    { Caching = "no-store" };

    /// <summary>Its style and its live pictures.</summary>
    public static readonly PagePolicy Plain = new(
        $"default-src 'none'; img-src 'self'; style-src {Asset.SiteStyle.Source} {Style.Source}; {Rest}", Referrer)
    { Caching = "no-store" };

    /// <summary>Its style and its form.</summary>
    public static readonly PagePolicy SignIn = Plain;
}
