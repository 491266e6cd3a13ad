using System.CommandLine;
using System.Globalization;
using Counter.Counting.Cluster;
using Counter.Counting.Presence;
using Counter.Gateway.Tests.Support;

namespace Counter.Grains.Bench;

/// <summary>
/// Opens and closes streams of one site at several gateways, as fast as the silo of this process answers. What a part costs is the difference between
/// two ways to make the same changes, of which one has the part. The ways take turns.
/// </summary>
internal sealed class SiteRun(int gateways, int pages, int together, int changes, int rounds)
{
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);

    private readonly string[] paths = [.. Enumerable.Range(0, pages).Select(i => $"/page/{i}")];

    /// <summary><c>site</c></summary>
    public static Command Command()
    {
        var gateways = new Option<int>("--gateways") { Description = "Gateways that report.", DefaultValueFactory = _ => 4 };
        var pages = new Option<int>("--pages") { Description = "Pages of the site.", DefaultValueFactory = _ => 1000 };
        var together = new Option<int>("--batch") { Description = "Changes in a batch.", DefaultValueFactory = _ => 100 };
        var changes = new Option<int>("--changes") { Description = "Openings and closings of a round.", DefaultValueFactory = _ => 200_000 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds, after one that is not counted.", DefaultValueFactory = _ => 5 };
        var command = new Command("site", "Prints how many openings and closings of one site a core counts, and what takes the time.")
        {
            gateways, pages, together, changes, rounds,
        };
        command.SetAction((parsed, cancellationToken) => new SiteRun(
            parsed.GetValue(gateways), parsed.GetValue(pages), parsed.GetValue(together), parsed.GetValue(changes), parsed.GetValue(rounds))
            .RunAsync(cancellationToken));
        return command;
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var silo = await LocalCluster.StartAsync(TimeProvider.System);
        using var messages = new Messages();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var clusters = Enumerable.Range(0, gateways).Select(_ => silo.Connect()).ToArray();
        var kept = KeepAsync(clusters, end.Token);
        var (rules, copied) = (new Rules("rules.example"), new Rules("copied.example"));
        var alone = new Way(_ => rules.ApplyAsync, "rules.example", paths, gateways, shows: true);
        var sent = new Way(_ => async batch => messages.Copy(await copied.ApplyAsync(messages.Copy(batch))), "copied.example", paths, gateways, shows: true);
        var onePage = InSilo("one.example", paths[..1], shows: false);
        var notShown = InSilo("hidden.example", paths, shows: false);
        var all = InSilo("all.example", paths, shows: true);
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var way in (Way[])[alone, sent, onePage, notShown, all])
            {
                await way.MeasureAsync(changes, together, isKept: round > 0, cancellationToken);
            }
        }

        Say($"One site of {pages} pages, {gateways} gateways, {together} changes a batch, silo in the process.");
        Say($"CPU time of an opening or closing, median of {rounds} rounds (least to most):");
        Say($"  in all {all}, {1e6 / all.Microseconds:0} a second on one core; {all.PerSecond:0} a second were counted here");
        Say($"    presence rules      {alone}");
        Say($"    grain calls         {onePage.Microseconds - alone.Microseconds:0.00} us");
        Say($"    pages and site      {notShown.Microseconds - onePage.Microseconds:0.00} us");
        Say($"    publishing          {all.Microseconds - notShown.Microseconds:0.00} us");
        Say($"  between processes also {sent.Microseconds - alone.Microseconds:0.00} us to write and read messages");
        await end.CancelAsync();
        await kept.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        Way InSilo(string site, string[] some, bool shows) => new(
            g => async batch => await clusters[g].SendAsync(site, batch, cancellationToken), site, some, gateways, shows);
    }

    /// <summary>Renews the gateways' leases and takes what is published to them.</summary>
    private static async Task KeepAsync(ICluster[] clusters, CancellationToken cancellationToken)
    {
        var nobody = new Nobody();
        var listening = Task.WhenAll(clusters.Select(cluster => cluster.ListenAsync(nobody, cancellationToken)));
        while (!cancellationToken.IsCancellationRequested)
        {
            for (var g = 0; g < clusters.Length; g++)
            {
                await clusters[g].RenewAsync(new GatewayState(ReportingGateway.Id(g), "bench", "0", DateTimeOffset.UtcNow, 0, 0), cancellationToken);
            }

            await Task.Delay(Renewal, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await listening;
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>The presence of a site without a grain.</summary>
    private sealed class Rules : Nobody
    {
        private const int ReportsAtOnce = 250;

        private readonly SitePresence presence;

        public Rules(string site) => presence = new SitePresence(site, 1, TimeProvider.System, this);

        public Task<PresenceReply> ApplyAsync(PresenceBatch batch)
        {
            var reply = presence.Apply(batch);
            presence.Confirm(presence.TakeReports(ReportsAtOnce));
            return Task.FromResult(reply);
        }
    }
}
