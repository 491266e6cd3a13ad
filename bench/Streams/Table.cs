using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Counter.Streams;

/// <summary>The figures of several servers: a value for each row, column and round.</summary>
internal sealed class Table
{
    /// <summary>The values, by row and column.</summary>
    public Dictionary<string, Dictionary<string, List<double>>> Rows { get; init; } = [];

    private readonly Dictionary<string, string> skipped = [];

    /// <summary><c>--rounds 5</c></summary>
    public static Option<int> Rounds() => new("--rounds")
    {
        Description = "Rounds; the table has their medians, the least and the most.",
        DefaultValueFactory = _ => 5,
    };

    /// <summary><c>--only Counter 'nginx + nchan'</c></summary>
    public static Option<string[]> Only() => new("--only")
    {
        Description = "Only these, as they are called in the table.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    /// <summary><c>--json FILE</c></summary>
    public static Option<string?> Json() => new("--json") { Description = "A file for the figures of every round, which compare reads." };

    /// <summary>Reads what <see cref="Finish"/> wrote.</summary>
    public static Table Read(string file) => JsonSerializer.Deserialize<Table>(File.ReadAllText(file), JsonSerializerOptions.Web)!;

    /// <summary>Adds the value of one round. A value that is not a number was not measured.</summary>
    public void Add(string row, string column, double value)
    {
        if (!Rows.TryGetValue(row, out var columns))
        {
            Rows.Add(row, columns = []);
        }

        if (!columns.TryGetValue(column, out var values))
        {
            columns.Add(column, values = []);
        }

        if (double.IsFinite(value))
        {
            values.Add(value);
        }
    }

    /// <summary>Prints a reason in the place of a row.</summary>
    public void Skip(string row, string reason) => skipped.Add(row, reason);

    /// <summary>Measures servers in turn in each round. The servers of a round have the same weather.</summary>
    /// <returns>How often a server failed.</returns>
    public static async Task<int> MeasureAsync<T>(int rounds, IReadOnlyList<T> all, string[] only, Func<T, string> name, Func<T, Task> measure)
    {
        var servers = all.Where(server => only.Length == 0 || only.Contains(name(server))).ToArray();
        if (servers.Length < only.Length)
        {
            Console.Error.WriteLine($"--only takes {string.Join(", ", all.Select(server => $"\"{name(server)}\""))}, as they are written here.");
            return 1;
        }

        var failed = 0;
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var server in servers)
            {
                Console.Error.WriteLine($"round {round} of {rounds}: {name(server)}");
                try
                {
                    await measure(server);
                }
                catch (Exception e) when (e is TimeoutException or InvalidOperationException or HttpRequestException or IOException)
                {
                    Console.Error.WriteLine($"{name(server)}: {e.Message}");
                    failed++;
                }
            }
        }

        return failed;
    }

    /// <summary>Prints the medians with their range, and writes all values to a file if there is one.</summary>
    public void Finish(string title, string? json)
    {
        var columns = Rows.Values.SelectMany(row => row.Keys).Distinct().ToArray();
        Console.WriteLine($"| {title} | {string.Join(" | ", columns)} |");
        Console.WriteLine($"|---|{string.Concat(columns.Select(_ => "---|"))}");
        foreach (var (name, row) in Rows)
        {
            Console.WriteLine($"| {name} | {string.Join(" | ", columns.Select(column => Cell(row.GetValueOrDefault(column, []))))} |");
        }

        foreach (var (name, reason) in skipped)
        {
            Console.WriteLine($"| {name} | {reason} |");
        }

        if (json is not null)
        {
            File.WriteAllText(json, JsonSerializer.Serialize(this, JsonSerializerOptions.Web));
        }
    }

    /// <summary>The median of some values; not a number without any.</summary>
    public static double Median(IReadOnlyCollection<double> values) => Percentile(values, 50);

    /// <summary>A percentile of some values; not a number without any.</summary>
    public static double Percentile(IReadOnlyCollection<double> values, int percent) =>
        values.Count == 0 ? double.NaN : values.Order().ElementAt(values.Count * percent / 100);

    /// <summary>A value with three digits.</summary>
    public static string Text(double value) =>
        value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static string Cell(List<double> values) =>
        values.Count == 0 ? "" : values.Count == 1 ? Text(values[0]) : $"{Text(Median(values))} ({Text(values.Min())}-{Text(values.Max())})";
}
