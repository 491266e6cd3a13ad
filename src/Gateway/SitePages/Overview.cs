using Counter.Counting.Polls;
using Counter.Gateway.Admin;
using Counter.Gateway.Http;

namespace Counter.Gateway.SitePages;

/// <summary>What the first page of a site shows.</summary>
public sealed class Overview
{
    /// <summary>The ranges of charts, and their words.</summary>
    internal static readonly (string Name, string Words)[] Ranges =
        [("15m", "15 minutes"), ("24h", "24 hours"), ("30d", "30 days"), ("2y", "2 years")];

    private readonly string site;

    internal Overview(SiteVisit visit, IQueryCollection query)
    {
        site = visit.Site;
        Range = query["range"].LastOrDefault() is { } asked && Ranges.Any(range => range.Name == asked) ? asked : "24h";
        List = new ListQuery(visit.Address, query, Range);
    }

    internal string Range { get; }

    internal ListQuery List { get; }

    /// <summary>The numbers of the site; null when it has never had a viewer.</summary>
    internal SiteAnswer? Numbers { get; set; }

    internal Part<PageItem> Pages { get; set; } = new([], null);

    internal IReadOnlyList<Poll> Polls { get; set; } = [];

    /// <summary>The time of the request.</summary>
    internal DateTimeOffset Now { get; init; }

    /// <summary>The problem with the list of pages; null for none.</summary>
    internal ApiProblem? Problem { get; set; }

    /// <summary>The live number of the whole site. It does not count its reader.</summary>
    internal string Number(int size) => Picture("/online.svg", ("label", "{n} now"), ("size", $"{size}"));

    /// <summary>The live chart of the range.</summary>
    internal string Chart(int width, int height) =>
        Picture("/online/chart.svg", ("range", Range), ("width", $"{width}"), ("height", $"{height}"));

    private string Picture(string path, params (string, string)[] look) => ImageAddress.Write(
        path, [("site", site), ("page", "/"), ("count", "site"), ("watch", "1"), ("theme", "auto"), .. look]);
}
