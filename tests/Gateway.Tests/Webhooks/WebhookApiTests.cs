using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Counter.Counting.Documents;
using Counter.Gateway.Documents;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Webhooks;

/// <summary>Webhooks in the admin API.</summary>
public sealed class WebhookApiTests
{
    private const string Alerts = HookRun.Hooks + "/alerts";

    [Fact]
    public async Task A_webhook_is_created_read_changed_and_deleted()
    {
        await using var run = await HookRun.StartAsync();
        using var made = await run.SendAsync(HttpMethod.Put, Alerts, new { url = "https://example.com/hook?a=b", page = "blog/?utm_source=x", over = 7 });
        Assert.Equal((HttpStatusCode.Created, "no-store"), (made.StatusCode, made.Headers.CacheControl?.ToString()));
        var hook = await made.Content.ReadFromJsonAsync<JsonElement>();
        var secret = hook.GetProperty("secret").GetString()!;
        Assert.Matches("^whsec_[A-Za-z0-9+/]{43}=$", secret);
        const string Known = """{"name":"alerts","url":"https://example.com/hook?a=b","page":"/blog","over":7,"under":5,"active":true}""";

        using var read = await run.SendAsync(HttpMethod.Get, Alerts);
        Assert.Equal(made.Headers.ETag, read.Headers.ETag);
        Assert.Equal(Known, await read.Content.ReadAsStringAsync());
        Assert.Equal($$"""{"items":[{{Known}}],"next":null}""", (await run.GetAsync("/api/v1/sites/WWW.Example.com/webhooks")).GetRawText());

        var change = new { url = "http://example.com/", over = 10, under = 10, active = false };
        using var changed = await run.SendAsync(HttpMethod.Put, Alerts, change, headers: ("If-Match", made.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(made.Headers.ETag, changed.Headers.ETag);
        Assert.Equal(
            """{"name":"alerts","url":"http://example.com/","page":null,"over":10,"under":10,"active":false}""",
            await changed.Content.ReadAsStringAsync());

        using var rotated = await run.SendAsync(HttpMethod.Post, Alerts + "/rotate");
        Assert.NotEqual(secret, (await rotated.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString());
        using var deleted = await run.SendAsync(HttpMethod.Delete, Alerts);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal("""{"items":[],"next":null}""", (await run.GetAsync(HookRun.Hooks)).GetRawText());
    }

    [Fact]
    public async Task A_change_of_an_outdated_version_is_refused()
    {
        await using var run = await HookRun.StartAsync();
        var body = new { url = "https://example.com/", over = 1 };
        (string, string) any = ("If-None-Match", "*"), old = ("If-Match", "\"999\"");
        Assert.Equal(412, await StatusAsync(HttpMethod.Put, Alerts, body, old));
        Assert.Equal(201, await StatusAsync(HttpMethod.Put, Alerts, body, any));
        Assert.Equal(412, await StatusAsync(HttpMethod.Put, Alerts, body, any));
        Assert.Equal(412, await StatusAsync(HttpMethod.Put, Alerts, body, old));
        Assert.Equal(428, await StatusAsync(HttpMethod.Put, Alerts, body));
        Assert.Equal(200, await StatusAsync(HttpMethod.Put, Alerts, body, ("If-Match", "*")));
        Assert.Equal(412, await StatusAsync(HttpMethod.Post, Alerts + "/rotate", null, old));
        Assert.Equal(412, await StatusAsync(HttpMethod.Delete, Alerts, null, old));
        Assert.Equal(204, await StatusAsync(HttpMethod.Delete, Alerts, null, ("If-Match", "*")));

        async Task<int> StatusAsync(HttpMethod method, string path, object? content = null, params (string, string)[] headers)
        {
            using var answer = await run.SendAsync(method, path, content, headers: headers);
            return (int)answer.StatusCode;
        }
    }

    [Fact]
    public async Task An_unknown_webhook_is_not_found()
    {
        await using var run = await HookRun.StartAsync();
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, Alerts), (HttpMethod.Get, Alerts + "/deliveries"), (HttpMethod.Delete, Alerts),
            (HttpMethod.Post, Alerts + "/rotate"), (HttpMethod.Post, Alerts + "/test"),
        })
        {
            using var answer = await run.SendAsync(method, path);
            Assert.Equal((path, HttpStatusCode.NotFound), (path, answer.StatusCode));
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task A_site_has_at_most_ten_webhooks_despite_concurrent_requests()
    {
        await using var run = await HookRun.StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => run.SendAsync(
            HttpMethod.Put, $"{HookRun.Hooks}/hook-{i}", new { url = "https://example.com/", over = 1 })));
        Assert.Equal((10, 10), (answers.Count(a => a.StatusCode == HttpStatusCode.Created), answers.Count(a => a.StatusCode == HttpStatusCode.Conflict)));
        Assert.Equal(10, (await run.GetAsync(HookRun.Hooks)).GetProperty("items").GetArrayLength());
        foreach (var answer in answers)
        {
            answer.Dispose();
        }
    }

    [Fact]
    public async Task Only_keys_of_the_site_are_accepted_and_read_keys_change_nothing()
    {
        await using var run = await HookRun.StartAsync();
        await run.MakeAsync("https://example.com/");
        var read = await run.MakeKeyAsync(KeyRole.Read);
        var manage = await run.MakeKeyAsync(KeyRole.Manage);
        var other = await run.MakeKeyAsync(KeyRole.Manage, "other.example");
        foreach (var (method, path, changes) in new[]
        {
            (HttpMethod.Get, HookRun.Hooks, false), (HttpMethod.Get, Alerts, false), (HttpMethod.Get, Alerts + "/deliveries", false),
            (HttpMethod.Put, Alerts, true), (HttpMethod.Post, Alerts + "/rotate", true), (HttpMethod.Post, Alerts + "/test", true),
            (HttpMethod.Delete, Alerts, true),
        })
        {
            Assert.Equal((path, 401), (path, await StatusAsync(method, path, null)));
            Assert.Equal((path, 401), (path, await StatusAsync(method, path, "wrong")));
            Assert.Equal((path, 403), (path, await StatusAsync(method, path, other)));
            Assert.Equal((path, changes), (path, await StatusAsync(method, path, read) == 403));
            Assert.InRange(await StatusAsync(method, path, manage), 200, 299);
        }

        async Task<int> StatusAsync(HttpMethod method, string path, string? key)
        {
            var body = method == HttpMethod.Put ? new { url = "https://example.com/", over = 1 } : null;
            using var answer = await run.SendAsync(method, path, body, key, ("If-Match", "*"));
            return (int)answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_test_is_sent_at_once_and_limited()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var run = await HookRun.StartAsync();
        await run.MakeAsync(receiver.Url, over: 100);
        using var first = await run.SendAsync(HttpMethod.Post, Alerts + "/test");
        var result = await first.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("viewers.test", "delivered", 204), (Text(result, "type"), Text(result, "state"), result.GetProperty("status").GetInt32()));
        Assert.Equal("viewers.test", Assert.Single(receiver.Messages).Type);
        using var again = await run.SendAsync(HttpMethod.Post, Alerts + "/test");
        Assert.Equal(HttpStatusCode.TooManyRequests, again.StatusCode);

        // A test that fails is not repeated, and the minute between messages does not begin with it.
        receiver.Answer = context => Receiver.Status(context, 500);
        await run.PassAsync(TimeSpan.FromSeconds(10));
        using var failed = await run.SendAsync(HttpMethod.Post, Alerts + "/test");
        result = await failed.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("given up", 500, 1), (Text(result, "state"), result.GetProperty("status").GetInt32(), result.GetProperty("tries").GetInt32()));
        await run.ViewersAsync(100);
        Assert.Equal("viewers.rose", receiver.Messages[^1].Type);
        Assert.Equal(3, receiver.Messages.Count);
    }

    [Fact]
    public async Task The_secret_is_shown_once()
    {
        using var log = new LogRecorder();
        await using var receiver = await Receiver.StartAsync();
        var data = Directory.CreateTempSubdirectory("counter-test-");
        await using (var run = await HookRun.StartAsync(log, "--Webhooks:AllowPrivateAddresses=true", "--Data:Directory=" + data.FullName))
        {
            var secret = await run.MakeAsync(receiver.Url, over: 1);
            await run.ViewersAsync(1);
            using var test = await run.SendAsync(HttpMethod.Post, Alerts + "/test");
            using var changed = await run.SendAsync(HttpMethod.Put, Alerts, new { url = receiver.Url, over = 2 }, headers: ("If-Match", "*"));
            string[] answers =
            [
                await test.Content.ReadAsStringAsync(), await changed.Content.ReadAsStringAsync(), (await run.GetAsync(Alerts)).GetRawText(),
                (await run.GetAsync(HookRun.Hooks)).GetRawText(), (await run.GetAsync(Alerts + "/deliveries")).GetRawText(),
                .. log.Lines.Select(line => line.Text),
            ];
            var bare = secret["whsec_".Length..];
            Assert.DoesNotContain(answers, answer => answer.Contains(bare[..20], StringComparison.Ordinal));
            Assert.Equal(2, receiver.Messages.Count);

            // The data file has it, in the webhook and nowhere else.
            var documents = StoredText.Documents(data.FullName);
            var having = documents.Where(d => d.Json!.Contains("whsec_", StringComparison.Ordinal)).ToList();
            Assert.Equal(2, having.Count);
            Assert.All(having, d => Assert.Equal(DocumentKind.Webhook, d.Kind));
            Assert.Equal(
                ["webhook.create", "webhook.change"],
                documents.Where(d => d.Kind == DocumentKind.Audit)
                    .Select(d => JsonDocument.Parse(d.Json!).RootElement)
                    .Where(entry => entry.GetProperty("subject").GetString() == "example.com/alerts")
                    .Select(entry => entry.GetProperty("what").GetString()));
        }

        data.Delete(recursive: true);
    }

    private static string? Text(JsonElement answer, string name) => answer.GetProperty(name).GetString();
}
