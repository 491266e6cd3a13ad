using System.Collections.Concurrent;

namespace Counter.Attack;

/// <summary>How often attackers were answered what.</summary>
internal sealed class Answers
{
    private readonly ConcurrentDictionary<string, int> counts = [];

    /// <summary>Counts one: a status, or what went wrong.</summary>
    public void Count(string what) => counts.AddOrUpdate(what, 1, static (_, known) => known + 1);

    public override string ToString() => string.Join(", ", counts.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} × {pair.Key}"));
}
