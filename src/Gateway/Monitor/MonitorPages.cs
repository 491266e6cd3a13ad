using Counter.Gateway.Html;
using Counter.Gateway.Sessions;

namespace Counter.Gateway.Monitor;

/// <summary>The assets and policies of the pages of the monitor. The pages are not cached, because they are for the operator only.</summary>
internal static class MonitorPages
{
    public static readonly Asset Style = Asset.Style("monitor.css");
    public static readonly Asset Script = Asset.Script("monitor-words.js", "monitor-tables.js", "monitor-charts.js", "monitor.js");

    /// <summary>Allows its style, its script, its WebSocket and the form that signs out.</summary>
    public static readonly PagePolicy Live = SessionPages.Policy(Style, $"connect-src 'self'; script-src {Script.Source}; ");

    /// <summary>Allows its style and its live pictures.</summary>
    public static readonly PagePolicy Plain = SessionPages.Policy(Style);
}
