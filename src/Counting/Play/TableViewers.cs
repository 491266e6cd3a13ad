namespace Counter.Counting.Play;

/// <summary>The viewers of a table, by gateway. Not safe for concurrent use.</summary>
/// <remarks>
/// Each report of a gateway is complete and has a number, so one may be lost, repeated or late. The viewers of a gateway that reports
/// nothing for <see cref="Lease"/> expire.
/// </remarks>
public sealed class TableViewers(Table table)
{
    /// <summary>How long a report is valid.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, Report> reports = [];

    /// <summary>The gateways that have viewers of the table.</summary>
    public IReadOnlyCollection<string> Gateways => [.. reports.Where(report => report.Value.Viewers.Count > 0).Select(report => report.Key)];

    /// <summary>The number of open pictures that are not the players'.</summary>
    public int Watching => reports.Values.SelectMany(report => report.Viewers).Where(viewer => table.MarkOf(viewer.Ticket) is null).Sum(viewer => viewer.Streams);

    /// <summary>Applies a report.</summary>
    /// <returns>Whether anything changed.</returns>
    public bool Apply(TableReport report, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(report);
        var before = reports.GetValueOrDefault(report.Gateway);
        if (before is not null && report.Number <= before.Number)
        {
            return false;
        }

        Change(before?.Viewers ?? [], report.Viewers, now);
        reports[report.Gateway] = new Report(report.Number, now, report.Viewers);
        return !report.Viewers.SequenceEqual(before?.Viewers ?? []);
    }

    /// <summary>Removes gateways that have reported nothing for <see cref="Lease"/>.</summary>
    /// <returns>Whether one of them had viewers.</returns>
    public bool Expire(DateTimeOffset now)
    {
        var silent = reports.Where(report => now - report.Value.At >= Lease).ToList();
        foreach (var (gateway, report) in silent)
        {
            reports.Remove(gateway);
            Change(report.Viewers, [], now);
        }

        return silent.Exists(report => report.Value.Viewers.Count > 0);
    }

    private void Change(IReadOnlyList<TableViewerCount> before, IReadOnlyList<TableViewerCount> after, DateTimeOffset now)
    {
        foreach (var ticket in before.Concat(after).Select(viewer => viewer.Ticket).OfType<string>().Distinct().ToList())
        {
            var more = StreamsOf(after, ticket) - StreamsOf(before, ticket);
            for (; more > 0; more--)
            {
                table.OpenPicture(ticket);
            }

            for (; more < 0; more++)
            {
                table.ClosePicture(ticket, now);
            }
        }
    }

    private static int StreamsOf(IReadOnlyList<TableViewerCount> viewers, string ticket) =>
        viewers.FirstOrDefault(viewer => viewer.Ticket == ticket).Streams;

    private sealed record Report(long Number, DateTimeOffset At, IReadOnlyList<TableViewerCount> Viewers);
}
