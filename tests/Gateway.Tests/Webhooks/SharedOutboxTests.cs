using System.Diagnostics.Metrics;
using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Counting.Webhooks;
using Counter.Gateway.Admin;
using Counter.Gateway.Documents;
using Counter.Gateway.Operations;
using Counter.Gateway.Tests.Support;
using Counter.Gateway.Webhooks;
using Counter.Grains.Sites;
using Counter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Counter.Gateway.Tests.Webhooks;

/// <summary>Several gateways that share one store, as with a database.</summary>
public sealed class SharedOutboxTests : IAsyncLifetime
{
    private const int Gateways = 4;
    private static readonly WebhookId Id = new("example.com", "alerts");

    private readonly ManualTimeProvider clock = new();
    private readonly List<Watcher> watchers = [];
    private readonly TestGateway gateway = new("gateway", new CountLimits(1000, 1000, 1000), TimeProvider.System);
    private LocalCluster local = null!;
    private Receiver receiver = null!;

    private ICluster Cluster => local.Cluster;

    private ISiteGrain Site => local.Grains.GetGrain<ISiteGrain>("example.com");

    public async ValueTask InitializeAsync()
    {
        receiver = await Receiver.StartAsync();
        local = await LocalCluster.StartAsync(clock);
        watchers.AddRange(Enumerable.Range(0, Gateways).Select(_ => new Watcher(Cluster, clock)));
        var hook = new Webhook(receiver.Url, Page: null, Over: 10, Under: 5, Active: true, Signature.NewSecret());
        await watchers[0].Settings.AddAsync(new KeyHolder("test", "test", KeyRole.Operator, ""), Id, hook, CancellationToken.None);
    }

    [Fact]
    public async Task Several_gateways_send_each_message_once()
    {
        for (var round = 0; round < 20; round++)
        {
            var viewers = round % 2 == 0 ? 10 : 5;
            await ReportAsync(viewers);
            await Task.WhenAll(watchers.Select(w => Task.Run(() => w.Watch.ScheduleAsync(CancellationToken.None))));
            await WaitUntilSentAsync();
            Assert.Equal((round + 1, viewers), (receiver.Messages.Count, receiver.Messages[^1].Viewers));
            clock.Advance(Outbox.Pause);
        }

        Assert.Equal(20, receiver.Messages.DistinctBy(m => m.Id).Count());
    }

    [Fact]
    public async Task The_silo_stores_a_message_without_any_gateway()
    {
        await Site.JudgeAsync(refresh: true);
        await gateway.ReportAsync(Cluster, new PageKey("example.com", "/"), 10);
        await WrittenAsync("viewers.rose 10");
        await gateway.ReportAsync(Cluster, new PageKey("example.com", "/"), 4);
        await Wait.UntilAsync(async () => (await Site.GetAsync(CountKey.ForSite("example.com"))).Viewers == 4, "the site to have it");
        await Site.JudgeAsync(refresh: false);
        Assert.Single((await OutboxAsync()).Deliveries);

        // The minute is over, and nothing else happens.
        clock.Advance(Outbox.Pause);
        await WrittenAsync("viewers.rose 10, viewers.fell 4");

        Task WrittenAsync(string messages) => Wait.UntilAsync(
            async () => string.Join(", ", (await OutboxAsync()).Deliveries.Select(d => $"{d.Type} {d.Viewers}")) == messages, messages);
    }

    [Fact]
    public async Task Several_gateways_send_each_retry_once()
    {
        receiver.Answer = context => Receiver.Status(context, 500);
        await ReportAsync(10);
        for (var tries = 1; tries <= 4; tries++)
        {
            await Task.WhenAll(watchers.Select(w => Task.Run(() => w.Watch.ScheduleAsync(CancellationToken.None))));
            await WaitUntilSentAsync();
            Assert.Equal(tries, receiver.Messages.Count(m => m.Type == "viewers.rose"));
            clock.Advance((await OutboxAsync()).Deliveries[0].NextAt!.Value - clock.GetUtcNow());
        }
    }

    [Fact]
    public async Task A_gateway_killed_while_it_sends_loses_no_message()
    {
        await ReportAsync(10);
        var outboxes = new OutboxStore(Cluster);
        var id = (await OutboxAsync()).Deliveries[0].Id;
        await outboxes.ChangeAsync(Id, o => o.Begin(id, clock.GetUtcNow()), CancellationToken.None);

        // It died here. While it may still be sending, nobody else does.
        clock.Advance(Delivery.Claim - TimeSpan.FromSeconds(1));
        await watchers[1].Watch.ScheduleAsync(CancellationToken.None);
        Assert.Empty(receiver.Messages);
        clock.Advance(TimeSpan.FromSeconds(1));
        await watchers[1].Watch.ScheduleAsync(CancellationToken.None);
        await WaitUntilSentAsync();
        Assert.Equal(id, Assert.Single(receiver.Messages).Id);
    }

    [Fact]
    public async Task A_webhook_deleted_while_it_sends_leaves_no_document()
    {
        var deleted = new TaskCompletionSource();
        receiver.Answer = async context =>
        {
            var (hook, version) = await watchers[0].Settings.FindAsync(Id, CancellationToken.None);
            await watchers[0].Settings.DeleteAsync(new KeyHolder("test", "test", KeyRole.Operator, ""), Id, hook!, version, CancellationToken.None);
            await Receiver.Status(context, 410);
            deleted.SetResult();
        };
        await ReportAsync(10);
        await watchers[0].Watch.ScheduleAsync(CancellationToken.None);
        await deleted.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await watchers[0].Deliveries.StopAsync();
        Assert.Empty(await Cluster.Documents.ListAsync(DocumentKind.Webhook, "", null, 10, descending: false, CancellationToken.None));
        Assert.Empty(await Cluster.Documents.ListAsync(DocumentKind.Delivery, "", null, 10, descending: false, CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        watchers.ForEach(w => w.Dispose());
        await receiver.DisposeAsync();
        await local.DisposeAsync();
    }

    private async Task ReportAsync(int viewers)
    {
        await gateway.ReportAsync(Cluster, new PageKey("example.com", "/"), viewers);
        await Wait.UntilAsync(async () => (await Site.GetAsync(CountKey.ForSite("example.com"))).Viewers == viewers, "the site to have it");
        await Site.JudgeAsync(refresh: true);
    }

    private async Task<Outbox> OutboxAsync() => (await new OutboxStore(Cluster).FindAsync(Id, CancellationToken.None))!;

    private Task WaitUntilSentAsync() => Wait.UntilAsync(
        async () => !(await OutboxAsync()).Deliveries.Any(d => d.ClaimedUntil is not null || d.IsDue(clock.GetUtcNow())), "all messages to be tried");

    /// <summary>What one gateway has of all this.</summary>
    private sealed class Watcher : IDisposable
    {
        private readonly DocumentCache<Outbox> documents;
        private readonly WebhookSender sender;
        private readonly ServiceProvider meters = new ServiceCollection().AddMetrics().BuildServiceProvider();

        public Watcher(ICluster cluster, ManualTimeProvider clock)
        {
            documents = new(DocumentKind.Delivery, cluster, clock, NullLogger<DocumentCache<Outbox>>.Instance);
            sender = new(new WebhookConnections(WebhookConnections.LookUpAsync, Options.Create(new WebhooksOptions { AllowPrivateAddresses = true }), clock), clock);
            var outboxes = new OutboxStore(cluster);
            Settings = new(cluster, new AuditLog(cluster, clock));
            Deliveries = new(
                documents, outboxes, Settings, sender, new FileDescriptors(null), new CounterMetrics(meters.GetRequiredService<IMeterFactory>()), clock, NullLogger<DeliveryQueue>.Instance);
            Watch = new(documents, Deliveries, clock, NullLogger<DeliveryScheduler>.Instance);
        }

        public WebhookSettings Settings { get; }

        public DeliveryQueue Deliveries { get; }

        public DeliveryScheduler Watch { get; }

        public void Dispose()
        {
            Deliveries.StopAsync().Wait(TimeSpan.FromSeconds(60));
            Watch.Dispose();
            Deliveries.Dispose();
            sender.Dispose();
            Settings.Dispose();
            documents.Dispose();
            meters.Dispose();
        }
    }
}
