using System.Diagnostics;
using System.Globalization;
using Counter.Grains.Tests.Support;
using Counter.Postgres.Tests.Support;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>What dies or is stopped while people watch, for real: two silos and two gateways as processes, a database, and 600 streams.</summary>
/// <remarks>The times are measured, so nothing else runs beside.</remarks>
[CollectionDefinition(nameof(ProcessTests), DisableParallelization = true)]
[Collection(nameof(ProcessTests))]
public sealed class ProcessTests(ITestOutputHelper output, TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Streams = 600;
    private const int Pages = 20;

    private static readonly TimeSpan Half = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Connection => database.ConnectionString + ";Maximum Pool Size=15";

    [Fact]
    public async Task A_silo_and_a_gateway_that_are_killed_together_take_nobody_else_with_them()
    {
        Assert.SkipWhen(database.Problem is not null, database.Problem ?? "");
        await using var deployment = await Deployment.StartAsync(Connection, Streams);
        deployment.Silos[0].Kill();
        deployment.Gateways[1].Kill();
        Say(await deployment.RightAsync("the other gateway is right after a silo and a gateway were killed", Stopwatch.StartNew(), Half, 0));
        Assert.Equal(0, deployment.Crowds[0].Lost);
    }

    [Fact]
    public async Task Silos_that_are_replaced_one_by_one_under_load_cost_no_stream_and_none_of_those_who_stay()
    {
        Assert.SkipWhen(database.Problem is not null, database.Problem ?? "");
        await using var deployment = await Deployment.StartAsync(Connection, Streams);
        using var visitors = new Postgres.Tests.Faults.Crowd(deployment.Gateways[0].Addresses[0]);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var load = ComeAndGoAsync(visitors, enough.Token);
        foreach (var display in deployment.Displays)
        {
            display.Site.Forget();
            display.Page.Forget();
        }

        for (var i = 0; i < 2; i++)
        {
            await deployment.AddSiloAsync(Connection);
            var watch = Stopwatch.StartNew();
            Assert.Equal(0, await deployment.Silos[i].StopAsync());
            Say(string.Create(CultureInfo.InvariantCulture, $"a silo stopped in {watch.Elapsed.TotalSeconds:F1} s"));
        }

        await enough.CancelAsync();
        await load;
        visitors.Go(visitors.Present);
        Say(await deployment.RightAsync("both gateways are right after both silos were replaced", Stopwatch.StartNew(), Half, 0, 1));
        Say("the least that was shown: " + string.Join(", ", deployment.Displays.Select(d => (d.Site.Lowest, d.Page.Lowest))));

        // What was seen before a silo stopped may be older than who just came or went: one on each page.
        Assert.All(deployment.Displays, d => Assert.InRange(d.Site.Lowest, Streams - Pages, Streams));
        Assert.All(deployment.Displays, d => Assert.InRange(d.Page.Lowest, (Streams / Pages) - 1, Streams / Pages));
        Assert.Equal(0, deployment.Crowds.Sum(crowd => crowd.Lost) + visitors.Lost);
    }

    /// <summary>At one page each, people come and go.</summary>
    private static async Task ComeAndGoAsync(Postgres.Tests.Faults.Crowd visitors, CancellationToken cancellationToken)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await beat.WaitForNextTickAsync(cancellationToken))
            {
                await visitors.ComeAsync(Pages, Stop);
                visitors.Go(Pages);
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }

    private void Say(string line)
    {
        output.WriteLine(line);
        TestContext.Current.SendDiagnosticMessage(line);
    }
}
