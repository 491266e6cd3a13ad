using System.Diagnostics;
using Counter.Grains.Tests.Support;
using Xunit;

namespace Counter.Grains.Tests.Faults;

/// <summary>Gateways and silos of the previous commit work with those of this one, as during an upgrade.</summary>
[Collection(nameof(ProcessTests))]
public sealed class UpgradeTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Streams = 100;

    // Built by tests/run, which says from which commit.
    private static readonly string? Previous = Environment.GetEnvironmentVariable("COUNTER_PREVIOUS");

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Server server = new();

    private string Connection => server.ConnectionString("postgres") + ";Maximum Pool Size=15";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(string.IsNullOrEmpty(Previous), "There is no program of the commit before: tests/run builds it where git has that commit.");
        Assert.SkipUnless(await server.TryStartAsync(), server.Problem ?? "");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Silos_and_gateways_of_the_previous_commit_work_with_current_ones()
    {
        // Both silos and a gateway are old, and the other gateway is new.
        await using var all = await Deployment.StartAsync(
            Connection, Streams, folder: (isSilo, i) => isSilo || i == 0 ? Folder(isSilo ? "Silo" : "Gateway") : null);
        await using var activity = await Activity.StartAsync(all);
        await CheckAsync(all, activity, "old silos, a new gateway and an old one");

        all.Folder = (_, _) => null;
        foreach (var replaced in (string[])["an old silo and a new one, a new gateway and an old one", "new silos, a new gateway and an old one"])
        {
            await all.AddSiloAsync();
            Assert.Equal(0, await all.Silos[0].StopAsync());
            await all.RemoveSiloAsync(0);
            await CheckAsync(all, activity, replaced);
        }

        // Of the streams, only those of the gateway that is replaced end.
        Assert.Equal(0, all.Lost);
        await all.Gateways[1].SignalAsync("TERM");
        Assert.Equal(0, await all.Gateways[1].ExitAsync());
        all.Folder = (_, _) => Folder("Gateway");
        await all.StartGatewayAsync(1);
        await all.Crowds[1].ComeAsync(Streams / 2, TestContext.Current.CancellationToken);
        await activity.OpenAsync(1);
        await CheckAsync(all, activity, "new silos and old gateways");
    }

    private static string Folder(string project) => Path.Combine(Previous!, "src", project, "bin", "Release", "net10.0");

    private async Task CheckAsync(Deployment all, Activity activity, string what)
    {
        all.Crowds[0].Go(5);
        await all.Crowds[1].ComeAsync(5, TestContext.Current.CancellationToken);
        output.WriteLine(await all.RightAsync(what, Stopwatch.StartNew(), Deadline, Deployment.Both));
        output.WriteLine(await activity.CheckAsync());
    }
}
