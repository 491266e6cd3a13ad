using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Totals;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Counter.Counting.Tests.Totals;

/// <summary>Reports on a network that loses, repeats and reorders them, against a model that knows which arrived and when.</summary>
public sealed class LeaseProperties
{
    private const int Gateways = 3;

    private static readonly PageKey Page = new("example.com", "/");
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<GatewayLife> Life =
        from changes in Gen.Choose(0, 9).ListOf()
        select new GatewayLife(changes);

    // Which gateway is heard, which of its reports, and how many seconds pass before.
    private static readonly Gen<Delivery> Deliveries =
        from gateway in Gen.Choose(0, Gateways - 1)
        from report in Gen.Choose(0, 40)
        from wait in Gen.Frequency((4, Gen.Choose(0, 4)), (1, Gen.Choose(10, 40)))
        select new Delivery(gateway, report, wait);

    [Fact]
    public void The_total_is_the_newest_report_heard_of_each_gateway_within_its_lease() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(
            Arb.From(Life.ArrayOf(Gateways)), Arb.From(Deliveries.ListOf()), AgreesWithModel));

    [Fact]
    public void After_any_disorder_the_next_reports_make_the_total_right() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(
            Arb.From(Life.ArrayOf(Gateways)), Arb.From(Deliveries.ListOf()), IsRepairedByTheNextReports));

    private static bool AgreesWithModel(GatewayLife[] lives, IList<Delivery> deliveries)
    {
        var counter = new PageCounter(Page, Lease, Start);
        var heard = new List<(int Gateway, PageReport Report, DateTimeOffset At)>();
        var now = Start;
        foreach (var delivery in deliveries.Where(d => lives[d.Gateway].Reports.Count > 0))
        {
            now += TimeSpan.FromSeconds(delivery.Wait);
            var reports = lives[delivery.Gateway].Reports;
            var report = reports[delivery.Report % reports.Count];
            counter.Expire(now);
            counter.Apply($"g{delivery.Gateway}", report, now);
            counter.Expire(now);

            // Only a report newer than everything heard of its gateway counts.
            if (!heard.Any(h => h.Gateway == delivery.Gateway && h.Report.Sequence >= report.Sequence))
            {
                heard.Add((delivery.Gateway, report, now));
            }

            Assert.Equal(
                heard.GroupBy(h => h.Gateway).Select(g => g.Last()).Where(h => h.At + Lease > now).Sum(h => h.Report.Viewers),
                counter.Tally.Viewers);
            Assert.Equal(
                heard.GroupBy(h => (h.Gateway, h.Report.Opened)).Sum(g => g.Max(h => h.Report.Arrivals)),
                counter.Tally.Arrivals);
        }

        return true;
    }

    private static bool IsRepairedByTheNextReports(GatewayLife[] lives, IList<Delivery> deliveries)
    {
        var counter = new PageCounter(Page, Lease, Start);
        var now = Start;
        foreach (var delivery in deliveries.Where(d => lives[d.Gateway].Reports.Count > 0))
        {
            var reports = lives[delivery.Gateway].Reports;
            counter.Apply($"g{delivery.Gateway}", reports[delivery.Report % reports.Count], now += TimeSpan.FromSeconds(delivery.Wait));
        }

        foreach (var (life, i) in lives.Select((life, i) => (life, i)).Where(l => l.life.Reports.Count > 0))
        {
            counter.Apply($"g{i}", life.Reports[^1] with { Sequence = life.Reports.Count + 1 }, now);
        }

        counter.Expire(now);
        return counter.Tally.Viewers == lives.Sum(l => l.Reports.Count == 0 ? 0 : l.Reports[^1].Viewers);
    }

    private sealed record Delivery(int Gateway, int Report, int Wait);

    /// <summary>What one gateway would report, change by change: someone comes, someone leaves, nobody is left and the page is closed.</summary>
    private sealed record GatewayLife(IList<int> Changes)
    {
        public List<PageReport> Reports { get; } = Live(Changes);

        private static List<PageReport> Live(IEnumerable<int> changes)
        {
            var reports = new List<PageReport>();
            var (opened, viewers, arrivals) = (0L, 0, 0L);
            foreach (var (change, i) in changes.Select((change, i) => (change, i)))
            {
                var sequence = i + 1L;
                (opened, arrivals) = viewers == 0 ? (sequence, 0) : (opened, arrivals);
                var come = change % 3;
                viewers = change == 9 ? 0 : Math.Max(0, viewers + come - (change / 3));
                arrivals += come;
                reports.Add(new PageReport(Page, opened, sequence, viewers, arrivals));
            }

            return reports;
        }
    }
}
