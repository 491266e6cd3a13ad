using System.Net.Http.Json;
using System.Text.Json;
using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Counting.Webhooks;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Documents;
using Counter.Gateway.Tests.Support;
using Counter.Gateway.Webhooks;
using Counter.Grains.Hosting;
using Counter.Grains.Sites;
using Counter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Counter.Gateway.Tests.Webhooks;

/// <summary>A running gateway whose site example.com has webhooks.</summary>
internal sealed class HookRun : IAsyncDisposable
{
    public const string Hooks = "/api/v1/sites/example.com/webhooks";

    private readonly TestGateway another;

    private HookRun(RunningGateway gateway) => (Gateway, another) = (gateway, new TestGateway("another", new CountLimits(1000, 1000, 1000), gateway.Clock));

    public RunningGateway Gateway { get; }

    private ICluster Cluster => Gateway.App.Services.GetRequiredService<ICluster>();

    public static Task<HookRun> StartAsync(params string[] settings) => StartAsync(log: null, ["--Webhooks:AllowPrivateAddresses=true", .. settings]);

    public static async Task<HookRun> StartAsync(ILoggerProvider? log, params string[] settings) =>
        new(await RunningGateway.StartAsync(log, settings));

    /// <summary>Calls the admin API.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, object? body = null, string? key = RunningGateway.OperatorKey, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is string text ? new StringContent(text, null, "application/json") : body is null ? null : JsonContent.Create(body);
        if (key is not null)
        {
            request.Headers.Add("Authorization", "Bearer " + key);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Gateway.Http.SendAsync(request);
    }

    /// <summary>Makes a webhook and returns its secret.</summary>
    public async Task<string> MakeAsync(string url, int over = 100, int? under = null, string? page = null, string name = "alerts")
    {
        using var made = await SendAsync(HttpMethod.Put, $"{Hooks}/{name}", new { url, over, under, page });
        return (await made.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString()!;
    }

    /// <summary>Makes a key for a site.</summary>
    public async Task<string> MakeKeyAsync(KeyRole role, string site = "example.com")
    {
        var (key, _, change) = Gateway.App.Services.GetRequiredService<KeyStore>().Make("test", role, site, "test");
        await Cluster.Documents.TryChangeAsync([change], CancellationToken.None);
        return key.ToString();
    }

    /// <summary>What GET answers.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);
        return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>The messages of the webhook, newest first, as the API lists them.</summary>
    public async Task<JsonElement[]> DeliveriesAsync(string name = "alerts") =>
        [.. (await GetAsync($"{Hooks}/{name}/deliveries")).GetProperty("items").EnumerateArray()];

    /// <summary>Another gateway says how many viewers there are; then what is owed is sent.</summary>
    public async Task ViewersAsync(int viewers, string page = "/")
    {
        await ReportAsync(viewers, page);
        await SettleAsync();
    }

    /// <summary>Lets time pass, and says all along how many viewers there are.</summary>
    public async Task KeepAsync(int viewers, TimeSpan time)
    {
        var step = TimeSpan.FromSeconds(10);
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            await ReportAsync(viewers, "/");
            await PassAsync(step);
        }
    }

    /// <summary>Lets time pass at once, and then sends what is due.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        Gateway.Clock.Advance(time);
        await SettleAsync();
    }

    /// <summary>Sends what is due after a time in which nothing of interest happens: no timer fires on the way.</summary>
    public async Task JumpAsync(TimeSpan time)
    {
        Gateway.Clock.Jump(time);
        await PassAsync(TimeSpan.Zero);
    }

    /// <summary>Another gateway says how many viewers there are.</summary>
    public async Task ReportAsync(int viewers, string page, string site = "example.com")
    {
        var key = new PageKey(site, page);
        await another.ReportAsync(Cluster, key, viewers);
        await Wait.UntilAsync(async () => (await Site(site).GetAsync(CountKey.ForPage(key))).Viewers == viewers, "the site to have it");
    }

    /// <summary>Judges the numbers of sites and begins to send due messages.</summary>
    public async Task SendDueAsync(params string[] sites)
    {
        foreach (var site in sites.DefaultIfEmpty("example.com"))
        {
            await Site(site).JudgeAsync(refresh: true);
        }

        await Gateway.App.Services.GetServices<IHostedService>().OfType<DeliveryScheduler>().Single().ScheduleAsync(CancellationToken.None);
    }

    /// <summary>Begins to send due messages, and waits until none is under way.</summary>
    public async Task SettleAsync()
    {
        await SendDueAsync();
        await Wait.UntilAsync(
            async () =>
            {
                var documents = await Cluster.Documents.ListAsync(DocumentKind.Delivery, "", null, 100, descending: false, CancellationToken.None);
                var deliveries = documents.SelectMany(d => Outbox.Read(d.Json!).Deliveries);
                return !deliveries.Any(d => d.ClaimedUntil is not null || d.IsDue(Gateway.Clock.GetUtcNow()));
            },
            "all messages to be tried");
    }

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();

    private ISiteGrain Site(string site) => Gateway.App.Services.GetRequiredService<OrleansConnection>().Client!.GetGrain<ISiteGrain>(site);
}
