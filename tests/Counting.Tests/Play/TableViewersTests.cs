using Counter.Counting.Play;
using Xunit;

namespace Counter.Counting.Tests.Play;

public sealed class TableViewersTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Table table = new(Grace, Start);
    private readonly TableViewers viewers;

    public TableViewersTests()
    {
        viewers = new TableViewers(table);
        Assert.True(table.TrySit("ann", 1, Start));
    }

    [Fact]
    public void Viewers_of_a_table_are_summed_over_gateways()
    {
        Assert.True(Report("a", 1, ("ann", 1), (null, 2)));
        Assert.True(Report("b", 1, ("ann", 1), ("eve", 1)));
        Assert.Equal((2, 3), (table[Mark.X].Pictures, viewers.Watching));
        Assert.True(Report("a", 2));
        Assert.Equal((1, 1, "b"), (table[Mark.X].Pictures, viewers.Watching, viewers.Gateways.Single()));
    }

    [Fact]
    public void A_late_or_repeated_report_changes_nothing()
    {
        Assert.True(Report("a", 2, ("ann", 2)));
        Assert.False(Report("a", 1, ("ann", 1)));
        Assert.False(Report("a", 2, ("ann", 1)));
        Assert.False(Report("a", 3, ("ann", 2)));
        Assert.True(Report("a", 5));
        Assert.False(Report("a", 4, ("ann", 1)));
        Assert.Equal(0, table[Mark.X].Pictures);
        Assert.True(Report("a", 6, ("ann", 2)));
        Assert.Equal(2, table[Mark.X].Pictures);
    }

    [Fact]
    public void A_gateway_that_stops_reporting_has_no_viewers()
    {
        Assert.True(Report("a", 1, ("ann", 1)));
        Assert.False(viewers.Expire(Start + TableViewers.Lease - TimeSpan.FromTicks(1)));
        Assert.True(viewers.Expire(Start + TableViewers.Lease));
        Assert.Equal((0, Start + TableViewers.Lease), (table[Mark.X].Pictures, table[Mark.X].AwaySince));
    }

    private bool Report(string gateway, long number, params (string? Ticket, int Streams)[] who) => viewers.Apply(
        new TableReport(
            gateway, number, [.. who.Select(viewer => new TableViewerCount(viewer.Ticket, viewer.Streams))],
            new TableRules(Grace, Grace, 20, 10), table.ToState(0, 0)),
        Start);
}
