using Counter.Gateway.Html;
using Counter.Gateway.Sessions;

namespace Counter.Gateway.Monitor;

/// <summary>What the pages of the monitor bring along, and what they may do. Nobody keeps them: they are the operator's.</summary>
internal static class MonitorPages
{
    public static readonly Asset Style = Asset.Style("monitor.css");
    public static readonly Asset Script = Asset.Script("monitor-words.js", "monitor-tables.js", "monitor-charts.js", "monitor.js");

    /// <summary>Its style, its script, its WebSocket and its way out.</summary>
    public static readonly PagePolicy Live = SessionPages.Policy(Style, $"connect-src 'self'; script-src {Script.Source}; ");

    /// <summary>Its style and its live pictures.</summary>
    public static readonly PagePolicy Plain = SessionPages.Policy(Style);
}
