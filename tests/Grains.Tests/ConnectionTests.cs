using Counter.Gateway.Tests.Support;
using Counter.Grains.Engine;
using Counter.Grains.Hosting;
using Counter.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>Whatever goes wrong on the way to the silos is said and tried again.</summary>
public sealed class ConnectionTests : IDisposable
{
    private readonly LogRecorder log = new();
    private readonly LoggerFactory logs;

    public ConnectionTests() => logs = new LoggerFactory([log]);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => logs.Dispose();

    [Fact]
    public async Task A_silo_that_cannot_even_be_set_up_does_not_stop_its_gateway()
    {
        // No name is as long, so this is found out without asking anybody.
        var settings = new OrleansSettings
        {
            InProcess = true,
            Store = OrleansSettings.Postgres,
            ConnectionString = "Host=127.0.0.1",
            Address = new string('a', 300),
        };
        using var connection = new OrleansConnection(settings, logs);
        await connection.StartAsync(Stop);
        await Wait.UntilAsync(() => Says("Orleans could not be started") == 1, "a line that says so");
        Assert.False(connection.ExecuteTask!.IsCompleted);
        await connection.StopAsync(Stop);
        Assert.True(connection.ExecuteTask.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Changes_are_listened_to_again_whatever_went_wrong_and_that_is_said_once()
    {
        var clock = new ManualTimeProvider();
        var calls = 0;
        var cluster = new OrleansCluster(
            () => ++calls <= 3 ? throw new IOException("Broken.") : null, new OrleansOptions(), clock, logs.CreateLogger<OrleansCluster>());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await using var changes = cluster.ChangesAsync(() => [], stop.Token).GetAsyncEnumerator(stop.Token);
        var next = changes.MoveNextAsync().AsTask();
        await Wait.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return Says("The silos do not answer") == 1;
            },
            "the link to be asked again");
        Assert.Equal(1, Says("Changes could not be listened to"));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Theory]
    [InlineData("", "Orleans:TableEndpoint is ''; allowed is the address of an account's tables, such as https://account.table.core.windows.net.")]
    [InlineData("nonsense", "Orleans:ConnectionString cannot be understood; it is like DefaultEndpointsProtocol=https;AccountName=counter;AccountKey=….")]
    [InlineData("AccountName=counter", "Orleans:ConnectionString cannot be understood; it is like DefaultEndpointsProtocol=https;AccountName=counter;AccountKey=….")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=counter;AccountKey=AAAA", null)]
    public void An_account_that_cannot_be_reached_with_the_settings_is_refused_before_anything_starts(string connectionString, string? problem) =>
        Assert.Equal(problem, new OrleansSettings { Store = OrleansSettings.AzureStorage, ConnectionString = connectionString }.Problem());

    private int Says(string what) => log.Lines.Count(line => line.Level == LogLevel.Warning && line.Text.Contains(what, StringComparison.Ordinal));
}
