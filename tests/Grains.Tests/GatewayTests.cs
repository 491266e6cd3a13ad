using Counter.Gateway.Tests.Support;
using Counter.Grains.Hosting;
using Counter.Grains.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>A gateway as a client of silos: with another gateway, and without a silo.</summary>
public sealed class GatewayTests : IClassFixture<TestDatabase>, IAsyncDisposable
{
    private const string Page = "http://example.com/page";

    private readonly TestDatabase database;
    private readonly ClusterSettings settings;
    private readonly RunningSilo silo;

    public GatewayTests(TestDatabase database)
    {
        this.database = database;
        settings = RunningSilo.FreePorts();
        (settings.Store, settings.ConnectionString, settings.ClusterId) = (ClusterSettings.Postgres, database.ConnectionString, Guid.NewGuid().ToString("N"));
        silo = new RunningSilo(settings);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string[] Settings => ["--Cluster:Store=Postgres", "--Cluster:ConnectionString=" + settings.ConnectionString, "--Cluster:ClusterId=" + settings.ClusterId];

    public ValueTask DisposeAsync() => silo.DisposeAsync();

    [Fact]
    public async Task Gateways_show_the_viewers_of_all_of_them()
    {
        Assert.SkipWhen(database.Problem is not null, database.Problem ?? "");
        await silo.StartAsync();
        await using var first = await RunningGateway.StartAsync(Settings);
        await using var second = await RunningGateway.StartAsync(Settings);
        using var here = await first.ViewAsync(Page);
        using var there = await second.ViewAsync(Page);
        await ShowAsync(2, first, second);
        there.Dispose();
        await ShowAsync(1, first, second);
    }

    [Fact]
    public async Task A_gateway_streams_without_silos_and_counts_when_they_start_or_restart()
    {
        Assert.SkipWhen(database.Problem is not null, database.Problem ?? "");
        var log = new LogRecorder();
        await using var gateway = await RunningGateway.StartAsync(log, Settings);
        using var viewer = await gateway.ViewAsync(Page);
        await viewer.ReadPreambleAsync();
        await viewer.ReadFrameAsync();
        await ShowAsync(1, gateway);
        await ReadyAsync("Degraded", gateway);
        await silo.StartAsync();
        await ReadyAsync("Healthy", gateway);
        await KnownAsync(gateway, 1);

        // The silo forgets who is there, and the gateway reports everybody to the next one.
        await silo.StopAsync();
        await ReadyAsync("Degraded", gateway);
        using var second = await gateway.ViewAsync(Page);
        await ShowAsync(2, gateway);
        await silo.StartAsync();
        await ReadyAsync("Healthy", gateway);
        await KnownAsync(gateway, 2);
        Assert.Equal(2, log.Lines.Count(line => line.Level >= LogLevel.Warning && line.Text.Contains("The silos do not answer", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("--Cluster:Store=Redis", "Cluster:Store is 'Redis'; allowed is Local or Postgres or AzureStorage.")]
    [InlineData("--Cluster:Store=Postgres", "Cluster:Store is Postgres, but Cluster:ConnectionString is empty")]
    [InlineData("--Cluster:Store=Postgres --Cluster:ConnectionString=Hots=x;Password=secret", "Cluster:ConnectionString cannot be understood")]
    [InlineData("--Cluster:Store=AzureStorage --Cluster:TableEndpoint=http://account.table.core.windows.net", "Cluster:TableEndpoint is 'http://account")]
    [InlineData("--Cluster:Store=AzureStorage --Cluster:TableEndpoint=https://a.table.core.windows.net", "Cluster:BlobEndpoint is ''")]
    [InlineData("--Cluster:SiloPort=0", "Cluster:SiloPort is '0'; allowed is a whole number from 1 to 65535.")]
    [InlineData("--Cluster:SiloPort=30000", "Cluster:SiloPort and Cluster:GatewayPort are both 30000; they must differ.")]
    [InlineData("--Cluster:SiloAddress=10.0.0.5:11111", "Cluster:SiloAddress is '10.0.0.5:11111'; allowed is an address or a name")]
    [InlineData("--Cluster:Silo=true", "Cluster:Silo is not a setting; the settings of Cluster are: Store, ")]
    public void A_wrong_setting_stops_the_start_without_printing_the_password(string wrong, string says)
    {
        var problem = Assert.Throws<SettingException>(() => Gateway.CounterApp.Build(wrong.Split(' ')));
        Assert.StartsWith(says, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem.Message, StringComparison.Ordinal);
    }

    private static Task ShowAsync(int viewers, params RunningGateway[] gateways) => Wait.UntilAsync(
        async () =>
        {
            var all = true;
            foreach (var gateway in gateways)
            {
                gateway.Clock.Advance(TimeSpan.FromMilliseconds(100));
                all &= await gateway.CountAsync(Page) == viewers;
            }

            return all;
        },
        $"{viewers} viewers at every gateway");

    private static Task ReadyAsync(string status, RunningGateway gateway) => Wait.UntilAsync(
        async () =>
        {
            gateway.Clock.Advance(TimeSpan.FromMilliseconds(100));
            return await gateway.Http.GetStringAsync("/health/ready", Stop) == status;
        },
        $"the gateway to be {status}");

    /// <summary>The silos know so many viewers: what operators ask for is asked of them alone.</summary>
    private static Task KnownAsync(RunningGateway gateway, int viewers) => Wait.UntilAsync(
        async () =>
        {
            gateway.Clock.Advance(TimeSpan.FromMilliseconds(100));
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/totals");
            request.Headers.Authorization = new("Bearer", RunningGateway.OperatorKey);
            using var answer = await gateway.Http.SendAsync(request, Stop);
            return answer.IsSuccessStatusCode && (await answer.Content.ReadAsStringAsync(Stop)).Contains($"\"viewers\":{viewers},", StringComparison.Ordinal);
        },
        $"{viewers} viewers in the silos");
}
