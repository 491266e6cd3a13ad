using System.Globalization;
using Counter.Gateway.Settings;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Hosting;
using Counter.Grains.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>The whole gateway as a client of a silo: with another gateway, and what it does when there is no silo.</summary>
public sealed class GatewayTests : IAsyncDisposable
{
    private const string Page = "http://example.com/page";

    private readonly OrleansSettings settings = RunningSilo.FreePorts();
    private readonly RunningSilo silo;

    public GatewayTests() => silo = new RunningSilo(settings);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string[] Settings =>
    [
        "--Cluster:Engine=Orleans",
        string.Create(CultureInfo.InvariantCulture, $"--Orleans:SiloPort={settings.SiloPort}"),
        string.Create(CultureInfo.InvariantCulture, $"--Orleans:GatewayPort={settings.GatewayPort}"),
    ];

    public ValueTask DisposeAsync() => silo.DisposeAsync();

    [Fact]
    public async Task Gateways_show_the_viewers_of_all_of_them()
    {
        await silo.StartAsync();
        await using var first = await RunningGateway.StartAsync(Settings);
        await using var second = await RunningGateway.StartAsync(Settings);
        using var here = await first.LookAsync(Page);
        using var there = await second.LookAsync(Page);
        await ShowAsync(2, first, second);
        there.Dispose();
        await ShowAsync(1, first, second);
    }

    [Fact]
    public async Task A_gateway_starts_and_streams_without_silos_and_counts_when_they_come_and_when_they_come_again()
    {
        var log = new LogRecorder();
        await using var gateway = await RunningGateway.StartAsync(log, Settings);
        using var viewer = await gateway.LookAsync(Page);
        await viewer.ReadPreambleAsync();
        await viewer.ReadFrameAsync();
        await ShowAsync(1, gateway);
        await ReadyAsync("Degraded", gateway);
        await silo.StartAsync();
        await ReadyAsync("Healthy", gateway);
        await KnownAsync(gateway, 1);

        // The silo forgets everything, as everything is in memory here, and the gateway tells the next one.
        await silo.StopAsync();
        await ReadyAsync("Degraded", gateway);
        using var second = await gateway.LookAsync(Page);
        await ShowAsync(2, gateway);
        await silo.StartAsync();
        await ReadyAsync("Healthy", gateway);
        await KnownAsync(gateway, 2);
        Assert.Equal(2, log.Lines.Count(line => line.Level >= LogLevel.Warning && line.Text.Contains("The silos do not answer", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_gateway_can_run_a_silo_itself()
    {
        await using var gateway = await RunningGateway.StartAsync([.. Settings, "--Orleans:InProcess=true"]);
        using var viewer = await gateway.LookAsync(Page);
        await ReadyAsync("Healthy", gateway);
        await KnownAsync(gateway, 1);
    }

    [Theory]
    [InlineData("--Orleans:Store=Redis", "Orleans:Store is 'Redis'; allowed is Development or Local or AzureStorage or Postgres.")]
    [InlineData("--Orleans:Store=Postgres", "Orleans:Store is Postgres, but Orleans:ConnectionString is empty")]
    [InlineData("--Orleans:Store=Postgres --Orleans:ConnectionString=Hots=x;Password=secret", "Orleans:ConnectionString cannot be understood")]
    [InlineData("--Orleans:Store=AzureStorage --Orleans:TableEndpoint=http://account.table.core.windows.net", "Orleans:TableEndpoint is 'http://account")]
    [InlineData("--Orleans:Store=AzureStorage --Orleans:TableEndpoint=https://a.table.core.windows.net", "Orleans:BlobEndpoint is ''")]
    [InlineData("--Orleans:SiloPort=0", "Orleans:SiloPort is '0'; allowed is a whole number from 1 to 65535.")]
    [InlineData("--Orleans:SiloPort=30000", "Orleans:SiloPort and Orleans:GatewayPort are both 30000; they must differ.")]
    [InlineData("--Orleans:Address=10.0.0.5:11111", "Orleans:Address is '10.0.0.5:11111'; allowed is an address or a name")]
    [InlineData("--Orleans:Silo=true", "Orleans:Silo is not a setting; Orleans has: Store, ")]
    public void A_wrong_setting_stops_the_start_with_a_line_that_has_no_password(string wrong, string says)
    {
        var problem = Assert.Throws<SettingException>(() => Gateway.CounterApp.Build(["--Cluster:Engine=Orleans", .. wrong.Split(' ')]));
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
