using System.CommandLine;

namespace Counter.Streams;

/// <summary>Compares two files of figures: for each row and column that both have, the new median divided by the old one.</summary>
internal static class TableComparison
{
    /// <summary><c>compare OLD NEW</c></summary>
    public static Command Command()
    {
        var before = new Argument<string>("old") { Description = "A file that --json made." };
        var after = new Argument<string>("new") { Description = "Another, of the same command." };
        var command = new Command("compare", "Divides the medians of two files. A ratio is bold where the ranges of their rounds do not touch.") { before, after };
        command.SetAction(parsed => Print(Table.Read(parsed.GetValue(before)!), Table.Read(parsed.GetValue(after)!)));
        return command;
    }

    private static void Print(Table before, Table after)
    {
        Console.WriteLine("| | | old | new | new / old |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var (row, columns) in after.Rows)
        {
            foreach (var (column, values) in columns)
            {
                if (before.Rows.GetValueOrDefault(row)?.GetValueOrDefault(column) is { Count: > 0 } old && values.Count > 0)
                {
                    var ratio = Table.Text(Table.Median(values) / Table.Median(old));
                    var cell = values.Min() > old.Max() || values.Max() < old.Min() ? $"**{ratio}**" : ratio;
                    Console.WriteLine($"| {row} | {column} | {Table.Text(Table.Median(old))} | {Table.Text(Table.Median(values))} | {cell} |");
                }
            }
        }
    }
}
