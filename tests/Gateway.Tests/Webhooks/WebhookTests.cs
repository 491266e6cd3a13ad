using System.Net;
using System.Text.Json;
using Counter.Counting.Webhooks;
using Counter.Gateway.Tests.Support;
using Counter.Gateway.Webhooks;
using Xunit;

namespace Counter.Gateway.Tests.Webhooks;

/// <summary>From viewers to messages, through a running gateway and a real receiver.</summary>
public sealed class WebhookTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Opening_a_page_sends_a_message()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var run = await HookRun.StartAsync();
        await run.MakeAsync(receiver.Url, over: 2, page: "/a");
        using var first = await run.Gateway.ViewAsync("http://example.com/a");
        using var elsewhere = await run.Gateway.ViewAsync("http://example.com/b");
        await run.Gateway.WaitForCountAsync("http://example.com/b", 1);
        await run.SettleAsync();
        Assert.Empty(receiver.Messages);
        using var second = await run.Gateway.ViewAsync("http://example.com/a");
        await run.Gateway.AdvanceUntilAsync(() => receiver.Messages.Count > 0, "a message");
        var message = Assert.Single(receiver.Messages);
        Assert.Equal(
            ("viewers.rose", "example.com", "/a", 2),
            (message.Type, message.Json.GetProperty("site").GetString(), message.Json.GetProperty("page").GetString(), message.Viewers));
    }

    [Fact]
    public async Task Messages_are_sent_at_most_once_a_minute_with_the_number_at_that_time()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var run = await HookRun.StartAsync();
        await run.MakeAsync(receiver.Url, over: 100);
        await run.ViewersAsync(99);
        Assert.Empty(receiver.Messages);
        await run.ViewersAsync(100);
        await run.ViewersAsync(80);
        await run.ViewersAsync(120);
        Assert.Equal([("viewers.rose", 100)], Sent());

        // Under and back over within the minute: nothing is owed.
        await run.KeepAsync(120, Minute);
        await run.ViewersAsync(81);
        Assert.Single(receiver.Messages);
        await run.ViewersAsync(80);
        Assert.Equal(("viewers.fell", 80), Sent()[^1]);

        // What is still true after a minute is sent then.
        await run.ViewersAsync(100);
        await run.KeepAsync(101, TimeSpan.FromSeconds(50));
        Assert.Equal(2, receiver.Messages.Count);
        await run.KeepAsync(102, TimeSpan.FromSeconds(10));
        Assert.Equal([("viewers.rose", 100), ("viewers.fell", 80), ("viewers.rose", 102)], Sent());

        (string, int)[] Sent() => [.. receiver.Messages.Select(m => (m.Type, m.Viewers))];
    }

    [Fact]
    public async Task A_refused_message_is_retried_with_growing_delays_and_then_given_up()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context => Receiver.Status(context, 500);
        await using var run = await HookRun.StartAsync();
        await run.MakeAsync(receiver.Url, over: 1);
        await run.ViewersAsync(1);
        var tries = 1;
        Assert.Equal(tries, Rises());
        foreach (var wait in new[] { 5, 30, 120, 600, 3600 })
        {
            var rose = (await run.DeliveriesAsync()).Single(d => d.GetProperty("type").GetString() == "viewers.rose");
            Assert.Equal(("pending", 500, tries), (Text(rose, "state"), rose.GetProperty("status").GetInt32(), rose.GetProperty("tries").GetInt32()));
            await run.JumpAsync(TimeSpan.FromSeconds(wait - 1));
            Assert.Equal(tries, Rises());
            await run.PassAsync(TimeSpan.FromSeconds(1));
            Assert.Equal(++tries, Rises());
        }

        await run.JumpAsync(TimeSpan.FromDays(1));
        Assert.Equal(6, Rises());
        var end = (await run.DeliveriesAsync())[^1];
        Assert.Equal(("given up", "The answer was 500. Only 200 to 299 mean success."), (Text(end, "state"), Text(end, "error")));
        Assert.Single(receiver.Messages.DistinctBy(m => m.Id), m => m.Type == "viewers.rose");

        int Rises() => receiver.Messages.Count(m => m.Type == "viewers.rose");
    }

    [Fact]
    public async Task A_retry_has_the_same_message_and_a_new_signature()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context => Receiver.Status(context, receiver.Messages.Count < 2 ? 503 : 204);
        await using var run = await HookRun.StartAsync();
        await run.MakeAsync(receiver.Url, over: 1);
        await run.ViewersAsync(1);
        await run.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(2, receiver.Messages.Count);
        var (first, second) = (receiver.Messages[0], receiver.Messages[1]);
        Assert.Equal((first.Id, first.Json.GetRawText()), (second.Id, second.Json.GetRawText()));
        Assert.NotEqual((first.Timestamp, first.Signature), (second.Timestamp, second.Signature));
        var delivery = Assert.Single(await run.DeliveriesAsync());
        Assert.Equal(("delivered", 2, JsonValueKind.Null), (Text(delivery, "state"), delivery.GetProperty("tries").GetInt32(), delivery.GetProperty("error").ValueKind));
    }

    [Fact]
    public async Task A_410_switches_the_webhook_off()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context => Receiver.Status(context, 410);
        await using var run = await HookRun.StartAsync();
        await run.MakeAsync(receiver.Url, over: 1);
        await run.ViewersAsync(1);
        await Wait.UntilAsync(async () => !(await run.GetAsync(HookRun.Hooks + "/alerts")).GetProperty("active").GetBoolean(), "the webhook to be off");
        Assert.Equal("given up", Text((await run.DeliveriesAsync())[0], "state"));
        await run.PassAsync(Minute);
        await run.ViewersAsync(0);
        Assert.Single(receiver.Messages);
    }

    [Fact]
    public async Task Hanging_receivers_delay_no_other()
    {
        const int Hanging = 70;
        const int PlacesForSilent = 64;
        await using var slow = await Receiver.StartAsync();
        await using var quick = await Receiver.StartAsync();
        slow.Answer = context => Wait.ForeverAsync(context.RequestAborted);
        await using var run = await HookRun.StartAsync();
        var sites = Enumerable.Range(0, Hanging / Webhook.MostOfSite).Select(i => $"slow-{i}.example").ToArray();
        foreach (var site in sites)
        {
            for (var i = 0; i < Webhook.MostOfSite; i++)
            {
                await MakeAsync(site, $"slow-{i}", slow.Url);
            }
        }

        // At first nobody knows that they hang: all of them are called at once, and the new one too.
        await MakeAsync("new.example", "quick", quick.Url);
        await RiseAsync(sites);
        await Wait.UntilAsync(() => slow.Messages.Count == Hanging, "all that hang to be called");
        await RiseAsync("new.example");
        await Wait.UntilAsync(() => quick.Messages.Count == 1, "the quick receiver to be called");

        // From then on they have some of the places, and when one gives up the next of them is called.
        var began = run.Gateway.Clock.GetUtcNow();
        await run.Gateway.AdvanceUntilAsync(() => slow.Messages.Count >= Hanging + PlacesForSilent, "those that hang to be called again");
        await MakeAsync("newer.example", "quick", quick.Url);
        await RiseAsync("newer.example");
        await Wait.UntilAsync(() => quick.Messages.Count == 2, "the newer receiver to be called");
        if (run.Gateway.Clock.GetUtcNow() - began < 2 * WebhookSender.AnswerTimeout)
        {
            // Later, on a busy machine, the first of them have given up again.
            Assert.Equal(Hanging + PlacesForSilent, slow.Messages.Count);
        }

        await run.Gateway.AdvanceUntilAsync(() => slow.Messages.CountBy(m => m.Id).All(m => m.Value >= 2), "all of them to be tried again");

        async Task MakeAsync(string site, string name, string url)
        {
            using var made = await run.SendAsync(HttpMethod.Put, $"/api/v1/sites/{site}/webhooks/{name}", new { url, over = 1 });
            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        }

        async Task RiseAsync(params string[] risen)
        {
            foreach (var site in risen)
            {
                await run.ReportAsync(1, "/", site);
            }

            await run.SendDueAsync(risen);
        }
    }

    [Fact]
    public async Task A_Retry_After_of_the_receiver_is_respected()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.Headers.RetryAfter = "600";
            return Receiver.Status(context, receiver.Messages.Count < 2 ? 503 : 204);
        };
        await using var run = await HookRun.StartAsync();
        await run.MakeAsync(receiver.Url, over: 1);
        await run.ViewersAsync(1);
        await run.PassAsync(TimeSpan.FromSeconds(599));
        Assert.Single(receiver.Messages, m => m.Type == "viewers.rose");
        await run.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(2, receiver.Messages.Count(m => m.Type == "viewers.rose"));
    }

    [Fact]
    public async Task A_restarted_gateway_continues_with_pending_messages()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context => Receiver.Status(context, 500);
        var data = Directory.CreateTempSubdirectory("counter-test-");
        try
        {
            await using (var before = await HookRun.StartAsync("--Data:Directory=" + data.FullName))
            {
                await before.MakeAsync(receiver.Url, over: 1);
                await before.ViewersAsync(1);
                await before.PassAsync(TimeSpan.FromSeconds(5));

                // The next try is under way when the gateway stops; it does not count.
                receiver.Answer = context => Wait.ForeverAsync(context.RequestAborted);
                await before.Gateway.AdvanceUntilAsync(() => receiver.Messages.Count == 3, "the third try");
            }

            receiver.Answer = context => Receiver.Status(context, 204);
            await using var after = await HookRun.StartAsync("--Data:Directory=" + data.FullName);
            await after.PassAsync(TimeSpan.FromSeconds(40));
            Assert.Single(receiver.Messages.DistinctBy(m => m.Id), m => m.Type == "viewers.rose");
            Assert.Equal(4, receiver.Messages.Count(m => m.Type == "viewers.rose"));
            var rose = (await after.DeliveriesAsync())[^1];
            Assert.Equal(("delivered", 3), (Text(rose, "state"), rose.GetProperty("tries").GetInt32()));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task After_a_restart_a_message_reports_viewers_who_left_meanwhile()
    {
        await using var receiver = await Receiver.StartAsync();
        var data = Directory.CreateTempSubdirectory("counter-test-");
        try
        {
            await using (var before = await HookRun.StartAsync("--Data:Directory=" + data.FullName))
            {
                await before.MakeAsync(receiver.Url, over: 1);
                await before.ViewersAsync(1);
            }

            await using var after = await HookRun.StartAsync("--Data:Directory=" + data.FullName);
            await after.Gateway.AdvanceUntilAsync(() => receiver.Messages.Count == 2, TimeSpan.FromSeconds(2), "the message");
            Assert.Equal(("viewers.fell", 0), (receiver.Messages[^1].Type, receiver.Messages[^1].Viewers));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task By_default_private_addresses_get_no_messages_and_the_list_explains_it()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var run = await HookRun.StartAsync(log: null);
        await run.MakeAsync(receiver.Url, over: 1);
        await run.ViewersAsync(1);
        Assert.Empty(receiver.Messages);
        Assert.Equal(
            "The url leads to an address that is not public, such as loopback or a private network. "
            + "The operator can allow those: Webhooks:AllowPrivateAddresses=true.",
            Text(Assert.Single(await run.DeliveriesAsync()), "error"));
    }

    private static string? Text(JsonElement delivery, string name) => delivery.GetProperty(name).GetString();
}
