using System.Collections.Concurrent;
using System.Globalization;

namespace Counter.Attack.Run;

/// <summary>Counts the answers to attackers, and records the times until their connections were closed.</summary>
internal sealed class Answers
{
    private readonly ConcurrentDictionary<string, Tally> tallies = [];

    /// <summary>A line for each variant of an attack.</summary>
    public IEnumerable<string> Lines => tallies.Select(pair => (Names: pair.Key.Split(": ", 2), Tally: pair.Value))
        .GroupBy(one => one.Names[0], one => $"{one.Tally.Count.ToString(CultureInfo.InvariantCulture)} × {one.Names[1]}{one.Tally.After}")
        .OrderBy(way => way.Key, StringComparer.Ordinal)
        .Select(way => $"{way.Key}: {string.Join(", ", way.Order(StringComparer.Ordinal))}");

    /// <summary>Counts an answer.</summary>
    /// <param name="what">The variant of the attack, a colon, and a status or error.</param>
    /// <param name="after">The time until the answer; null where it does not matter.</param>
    public void Count(string what, TimeSpan? after = null) => Add(what, new Tally(1, after?.TotalSeconds ?? double.NaN, after?.TotalSeconds ?? double.NaN));

    /// <summary>Writes all counts, one per line.</summary>
    public void Write(TextWriter to)
    {
        foreach (var (what, tally) in tallies)
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tally.Count}\t{tally.Least:R}\t{tally.Most:R}\t{what}"));
        }
    }

    /// <summary>Adds the counts that another process has written.</summary>
    public void Add(string text, string prefix)
    {
        foreach (var fields in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd().Split('\t')))
        {
            Add(prefix + fields[3], new Tally(
                int.Parse(fields[0], CultureInfo.InvariantCulture), double.Parse(fields[1], CultureInfo.InvariantCulture), double.Parse(fields[2], CultureInfo.InvariantCulture)));
        }
    }

    private void Add(string what, Tally tally) => tallies.AddOrUpdate(what, tally, (_, known) => known.And(tally));

    private sealed record Tally(int Count, double Least, double Most)
    {
        public string After => double.IsNaN(Least) ? "" : string.Create(CultureInfo.InvariantCulture, $" (after {Least:0} to {Most:0} s)");

        public Tally And(Tally other) => new(Count + other.Count, Math.Min(Least, other.Least), Math.Max(Most, other.Most));
    }
}
