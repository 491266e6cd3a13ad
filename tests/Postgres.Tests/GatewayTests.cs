using Counter.Counting.Pages;
using Counter.Gateway.Settings;
using Counter.Gateway.Tests.Support;
using Counter.Postgres.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Counter.Postgres.Tests;

/// <summary>The whole gateway on a server of the test's own: what it does when the database is away, and with another gateway.</summary>
public sealed class GatewayTests : ServerTest
{
    private const string Page = "http://example.com/page";

    private string[] Settings => ["--Cluster:Engine=Postgres", "--Cluster:ConnectionString=" + ConnectionString];

    [Fact]
    public async Task Gateways_show_the_viewers_of_all_of_them()
    {
        await using var first = await RunningGateway.StartAsync(Settings);
        await using var second = await RunningGateway.StartAsync(Settings);
        using var here = await first.LookAsync(Page);
        using var there = await second.LookAsync(Page);
        await BothShowAsync(2);
        there.Dispose();
        await BothShowAsync(1);

        async Task BothShowAsync(int viewers) => await Wait.UntilAsync(
            async () =>
            {
                first.Clock.Advance(TimeSpan.FromMilliseconds(100));
                second.Clock.Advance(TimeSpan.FromMilliseconds(100));
                return await first.CountAsync(Page) == viewers && await second.CountAsync(Page) == viewers;
            },
            $"{viewers} viewers at both gateways");
    }

    [Fact]
    public async Task A_gateway_starts_and_streams_without_its_database_and_counts_when_it_comes()
    {
        var log = new LogRecorder();
        RunningGateway? gateway = null;
        RawClient? viewer = null;
        await Server.CrashAsync(async () =>
        {
            gateway = await RunningGateway.StartAsync(log, Settings);
            viewer = await gateway.LookAsync(Page);
            await viewer.ReadPreambleAsync();
            await viewer.ReadFrameAsync();
            Assert.Equal(1, await gateway.CountAsync(Page));
            await gateway.AdvanceForAsync(TimeSpan.FromSeconds(10));
            Assert.Equal("Degraded", await gateway.Http.GetStringAsync("/health/ready", Stop));
            Assert.Equal(503, (int)(await gateway.Http.GetAsync("/online.txt?site=elsewhere.org", Stop)).StatusCode);
        });
        using var ended = viewer!;
        await using var stopped = gateway!;
        await CountedAsync(gateway!, 1);
        AssertOneWarning(log);
    }

    [Fact]
    public async Task Losing_the_database_ends_no_stream_and_counting_resumes()
    {
        var log = new LogRecorder();
        await using var gateway = await RunningGateway.StartAsync(log, Settings);
        using var viewer = await gateway.LookAsync(Page);
        await viewer.ReadPreambleAsync();
        await viewer.ReadFrameAsync();
        await CountedAsync(gateway, 1);
        RawClient? second = null;
        await Server.CrashAsync(async () =>
        {
            var opening = gateway.LookAsync(Page);
            await gateway.AdvanceUntilAsync(() => opening.IsCompleted, "a second viewer");
            second = await opening;
            await gateway.AdvanceUntilCountAsync(Page, 2, TimeSpan.FromSeconds(5));
            await viewer.ReadFrameAsync();
        });
        await CountedAsync(gateway, 2);
        second!.Dispose();
        await CountedAsync(gateway, 1);
        AssertOneWarning(log);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("Hots=x;Password=secret", "cannot be understood")]
    public void A_wrong_connection_string_stops_the_start_with_a_line_that_has_no_password(string connection, string says)
    {
        var problem = Assert.Throws<SettingException>(() => Gateway.CounterApp.Build(
            ["--Cluster:Engine=Postgres", "--Cluster:ConnectionString=" + connection, "--urls=http://127.0.0.1:0"]));
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem.Message, StringComparison.Ordinal);
    }

    private static void AssertOneWarning(LogRecorder log)
    {
        var warnings = log.Lines.Where(line => line.Level is LogLevel.Warning or LogLevel.Error or LogLevel.Critical).Select(line => line.Text).ToList();
        Assert.True(warnings.Count == 1, string.Join('\n', warnings));
        Assert.Contains("does not answer", warnings[0], StringComparison.Ordinal);
    }

    /// <summary>Lets the gateway's time pass until the database has so many viewers.</summary>
    private async Task CountedAsync(RunningGateway gateway, int viewers)
    {
        await using var cluster = new PostgresCluster(
            new PostgresOptions { ConnectionString = ConnectionString }, TimeProvider.System, NullLogger<PostgresCluster>.Instance);
        await Wait.UntilAsync(
            async () =>
            {
                gateway.Clock.Advance(TimeSpan.FromMilliseconds(100));
                return (await cluster.GetAsync(CountKey.ForPage(new PageKey("example.com", "/page")), Stop)).Viewers == viewers;
            },
            $"{viewers} viewers in the database");
    }
}
