using System.Buffers;

namespace Counter.Gateway.Visitors;

/// <summary>The agents of a public list of crawlers. <c>Crawlers/update.mjs</c> updates the list.</summary>
internal static class CrawlerAgents
{
    private static readonly (SearchValues<string> Anywhere, string[] Beginnings) Known = Read();

    /// <summary>Whether an agent is on the list.</summary>
    public static bool Matches(string agent) =>
        agent.AsSpan().ContainsAny(Known.Anywhere) || Array.Exists(Known.Beginnings, text => agent.StartsWith(text, StringComparison.Ordinal));

    private static (SearchValues<string> Anywhere, string[] Beginnings) Read()
    {
        using var stream = typeof(CrawlerAgents).Assembly.GetManifestResourceStream("crawlers.txt")!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToLookup(line => line[0] == '^');
        return (SearchValues.Create([.. lines[false]], StringComparison.Ordinal), [.. lines[true].Select(line => line[1..])]);
    }
}
