using System.Globalization;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Play;
using Counter.Counting.Polls;
using Counter.Counting.Presence;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Client;
using Counter.Grains.Hosting;
using Counter.Grains.Tests.Support;
using Counter.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>Failed connections to the silos are logged and retried.</summary>
public sealed class ConnectionTests : IDisposable
{
    private readonly LogRecorder log = new();
    private readonly LoggerFactory logs;

    public ConnectionTests() => logs = new LoggerFactory([log]);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => logs.Dispose();

    [Fact]
    public async Task An_unreachable_database_does_not_stop_a_gateway()
    {
        var settings = RunningSilo.FreePorts();
        (settings.Store, settings.ConnectionString) = (ClusterSettings.Postgres, string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={settings.SiloPort}"));
        using var connection = new OrleansConnection(settings, TimeProvider.System, logs);
        await connection.StartAsync(Stop);
        await Wait.UntilAsync(() => Says("No silo can be reached (") == 1, "a line that says so");
        Assert.False(connection.ExecuteTask!.IsCompleted);
        await connection.StopAsync(Stop);
        Assert.True(connection.ExecuteTask.IsCompletedSuccessfully);
        Assert.Single(log.Lines, line => line.Level >= LogLevel.Warning && line.Text.Contains("reached", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_any_failure_the_subscription_is_renewed_and_logged_once()
    {
        var clock = new ManualTimeProvider();
        var calls = 0;
        var cluster = new OrleansCluster(
            () => ++calls <= 3 ? throw new IOException("Broken.") : null, clock, logs.CreateLogger<OrleansCluster>());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var listening = cluster.ListenAsync(new Deaf(), stop.Token);
        await Wait.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return Says("The silos do not answer") == 1;
            },
            "the link to be asked again");
        Assert.Equal(1, Says("The subscription to changes failed"));
        await stop.CancelAsync();
        await listening;
    }

    [Theory]
    [InlineData("", "Cluster:TableEndpoint is ''; allowed is the address of an account's tables, such as https://account.table.core.windows.net.")]
    [InlineData("nonsense", "Cluster:ConnectionString cannot be understood; an example is DefaultEndpointsProtocol=https;AccountName=counter;AccountKey=….")]
    [InlineData("AccountName=counter", "Cluster:ConnectionString cannot be understood; an example is DefaultEndpointsProtocol=https;AccountName=counter;AccountKey=….")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=counter;AccountKey=AAAA", null)]
    public void An_invalid_storage_account_stops_the_start(string connectionString, string? problem) =>
        Assert.Equal(problem, Problem(("Store", ClusterSettings.AzureStorage), ("ConnectionString", connectionString)));

    [Fact]
    public void The_database_may_come_from_the_platform_s_connection_strings()
    {
        var settings = Read(("Cluster:Store", ClusterSettings.Postgres), ("ConnectionStrings:Counter", "Host=db"));
        Assert.Equal("Host=db", settings.ConnectionString);
    }

    private static string? Problem(params (string Name, string Value)[] cluster) =>
        Record.Exception(() => Read([.. cluster.Select(setting => ("Cluster:" + setting.Name, setting.Value))]))?.Message;

    private static ClusterSettings Read(params (string Name, string Value)[] settings) => ClusterSettings.Read(
        new ServiceCollection(),
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value)).Build());

    private int Says(string what) => log.Lines.Count(line => line.Level == LogLevel.Warning && line.Text.Contains(what, StringComparison.Ordinal));

    private sealed class Deaf : IBroadcastReceiver
    {
        public void Apply(CountUpdate total)
        {
        }

        public void Apply(string site, StreamCommand command)
        {
        }

        public void Apply(PollChange change)
        {
        }

        public void Apply(TableChange change)
        {
        }

        public void Watched()
        {
        }

        public void Missed()
        {
        }
    }
}
