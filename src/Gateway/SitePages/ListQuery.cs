using Counter.Gateway.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Counter.Gateway.SitePages;

/// <summary>The order, the search and the part of a list that a page was asked for.</summary>
public sealed class ListQuery
{
    private static readonly string[] Names = ["sort", "contains", "cursor"];

    private readonly IQueryCollection query;
    private readonly string? range;

    /// <param name="address">The path of the page.</param>
    /// <param name="query">Its parameters.</param>
    /// <param name="range">The range of the chart beside the list; links keep it. Null for none.</param>
    internal ListQuery(string address, IQueryCollection query, string? range = null) => (Address, this.query, this.range) = (address, query, range);

    public string Address { get; }

    public string Sort => this["sort"] is { Length: > 0 } sort ? sort : "viewers";

    public string Contains => this["contains"];

    /// <summary>Whether the list begins after its first items.</summary>
    public bool IsLater => this["cursor"].Length > 0;

    /// <summary>The parameters for the admin API; none for the first part in the usual order.</summary>
    internal QueryString ForApi =>
        new QueryBuilder(Names.Where(name => this[name].Length > 0).Select(name => KeyValuePair.Create(name, this[name]))).ToQueryString();

    private string this[string name] => query[name].LastOrDefault() ?? "";

    /// <summary>The hidden fields of the search form.</summary>
    public IEnumerable<(string Name, string Value)> Kept => Filled(("range", range), ("sort", Sort));

    /// <summary>The page with another order, part of the list or range; the search stays.</summary>
    public string Link(string? sort = null, string? cursor = null, string? range = null) => ImageAddress.Write(
        Address, [.. Filled(("range", range ?? this.range), ("sort", sort ?? Sort), ("contains", Contains), ("cursor", cursor))]);

    private static IEnumerable<(string Name, string Value)> Filled(params (string Name, string? Value)[] all) =>
        all.Where(one => !string.IsNullOrEmpty(one.Value)).Select(one => (one.Name, one.Value!));
}
