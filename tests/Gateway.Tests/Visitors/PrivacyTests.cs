using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Polls;
using Counter.Gateway.Play;
using Counter.Gateway.Tests.Cluster;
using Counter.Gateway.Tests.Play;
using Counter.Gateway.Tests.Polls;
using Counter.Gateway.Tests.Support;
using Counter.Gateway.Visitors;
using Counter.Grains.Client;
using Counter.Grains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Counter.Gateway.Tests.Visitors;

/// <summary>Addresses, cookies, what is made from them, and who chose what stay in memory: no log, answer or metric has them.</summary>
public sealed class PrivacyTests
{
    // An address of this machine that nothing else uses, and one that only a proxy speaks of.
    private const string Peer = "127.94.12.201";
    private const string Forwarded = "203.0.113.94";
    private const string Forged = "AAAAAAAAAAAAAAAAAAAAAA";
    private const string Poll = "/poll/bird?site=example.com&page=/a";
    private const string Chosen = "Quetzal94";
    private const string Query = "?site=example.com&page=/a&explain=1";

    private static readonly string[] Talkative =
    [
        "--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Microsoft.AspNetCore=Trace", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Trace",
        "--Identity:Secret=xyzzy94-of-at-least-thirty-two-characters", "--Identity:CookieSites=example.com",
    ];

    [Fact]
    public async Task Over_HTTP_no_visitor_identity_leaves_the_process()
    {
        using var log = new LogRecorder();
        using var metrics = new MetricRecorder();
        await using var gateway = await RunningGateway.StartAsync(log, [.. Talkative, "--Proxies:Trusted=127.0.0.1"]);
        string[] browser = ["Referer: http://example.com/a", "User-Agent: Mozilla/5.0 Ada", "Cookie: counter=" + Forged];
        using var direct = await gateway.OpenAsync(IPAddress.Parse(Peer), "/online.png", browser);
        using var unknown = await gateway.OpenAsync(IPAddress.Parse(Peer), "/online.png", [.. browser, "X-Forwarded-For: " + Forwarded]);
        using var trusted = await gateway.OpenAsync("/online.png", [.. browser, "X-Forwarded-For: " + Forwarded]);
        await gateway.WaitForCountAsync("http://example.com/a", 3);
        var json = await gateway.GetWithKeyAsync("/online.json" + Query);
        direct.Dispose();
        await gateway.WaitForCountAsync("http://example.com/a", 2);

        var salt = gateway.App.Services.GetRequiredService<DailySalt>();
        string[] secrets = [Peer, Forwarded, Forged, "xyzzy94", .. Hashes(salt, Peer), .. Hashes(salt, Forwarded)];
        AssertNoSecrets(secrets, [json, .. log.Lines.Select(line => line.Text), .. metrics.Measured]);
    }

    [Fact]
    public async Task Over_TLS_no_visitor_identity_leaves_the_process()
    {
        using var log = new LogRecorder();
        using var metrics = new MetricRecorder();
        using var certificate = new Certificate();
        await using var gateway = await RunningGateway.StartAsync(log, [.. Talkative, .. certificate.Settings]);
        using var browser = new SecureBrowser(gateway, HttpVersion.Version11);
        using var first = await browser.ViewAsync("https://example.com/a");
        var cookie = first.Headers.GetValues("Set-Cookie").Single().Split(';')[0]["counter=".Length..];
        using var second = await browser.ViewAsync("https://example.com/b", cookie);
        var json = await browser.AskAsync("/online.json" + Query, RunningGateway.OperatorKey);

        var salt = gateway.App.Services.GetRequiredService<DailySalt>();
        string[] secrets = [cookie, "xyzzy94", .. Spellings(salt.HashForGood($"example.com\ncookie\n{cookie}"))];
        AssertNoSecrets(secrets, [json, .. log.Lines.Select(line => line.Text), .. metrics.Measured]);
    }

    [Fact]
    public async Task The_choice_of_a_voter_appears_nowhere()
    {
        var data = Directory.CreateTempSubdirectory("counter-test-");
        using var log = new LogRecorder();
        using var metrics = new MetricRecorder();
        string[] api;
        string[] reader;
        await using (var gateway = await RunningGateway.StartAsync(log, [.. Talkative, "--Data:Directory=" + data.FullName]))
        {
            using var made = await DefinePollAsync(gateway);
            using var voted = await PollTest.VoteAsync(gateway, Poll, Chosen, "Ada");
            Assert.Equal((HttpStatusCode.Created, HttpStatusCode.NoContent), (made.StatusCode, voted.StatusCode));

            var (today, yesterday) = gateway.App.Services.GetRequiredService<DailySalt>().Hash("example.com\nvoter\n127.0.0.1\nMozilla/5.0 Ada");
            var kept = await gateway.App.Services.GetRequiredService<ICluster>().FindVoteAsync(
                PollDefinition.Id("example.com", "/a", "bird", asked: null), today, TestContext.Current.CancellationToken);
            Assert.Equal(Chosen, kept?.Answer);
            reader = [.. Spellings(today), .. Spellings(yesterday)];
            api = await Task.WhenAll(
                gateway.GetWithKeyAsync("/api/v1/sites/example.com/polls"),
                gateway.GetWithKeyAsync("/api/v1/sites/example.com/polls/bird/history?path=/a"),
                gateway.GetWithKeyAsync("/api/v1/audit"));
        }

        // The API and the disk have the answers with their votes, and nobody who chose one.
        var disk = StoredText.All(data.FullName);
        data.Delete(recursive: true);
        string[] lines = [.. log.Lines.Select(line => line.Text), .. metrics.Measured];
        Assert.All([disk, .. api], text => Assert.Contains(Chosen, text, StringComparison.Ordinal));
        AssertNoSecrets(reader, [disk, .. api, .. lines]);
        AssertNoSecrets([Chosen], lines);
    }

    [Fact]
    public async Task Requests_that_fail_reveal_no_visitor_choice_or_ticket()
    {
        var isFailing = false;
        using var log = new LogRecorder();
        await using var gateway = await RunningGateway.StartAsync(
            log,
            services => services.AddSingleton<ICluster>(services =>
            {
                var connection = services.GetRequiredService<OrleansConnection>();
                return new OrleansCluster(
                    () => Volatile.Read(ref isFailing) ? FailingGrains.Of(connection.Client!) : connection.Client,
                    services.GetRequiredService<TimeProvider>(),
                    services.GetRequiredService<ILogger<OrleansCluster>>());
            }),
            Talkative);
        using var made = await DefinePollAsync(gateway);
        var token = await PollTest.TokenAsync(gateway, Poll, "Ada");
        var ticket = TableName.NewTicket();
        Volatile.Write(ref isFailing, true);
        using var vote = await PollTest.PostAsync(gateway, Poll, new() { ["token"] = token, ["answer"] = Chosen }, "Ada");

        // Of failures without a success between them the first is logged.
        await gateway.App.Services.GetRequiredService<ICluster>().GetAsync(CountKey.ForVisitors("example.com"), TestContext.Current.CancellationToken);
        using var click = await PlayTest.PostFromAsync(
            gateway, "/play/" + TableName.New(), [("User-Agent", "Mozilla/5.0 Ada")], ("do", "sit"), ("seat", ticket));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (vote.StatusCode, click.StatusCode));

        var salt = gateway.App.Services.GetRequiredService<DailySalt>();
        var (today, yesterday) = salt.Hash("example.com\nvoter\n127.0.0.1\nMozilla/5.0 Ada");
        var player = salt.HashForGood("play\n127.0.0.1\nMozilla/5.0 Ada");
        string[] lines = [.. log.Lines.Select(line => line.Text)];
        Assert.All(["IPollGrain.VoteAsync", "ITableGrain.ClickAsync"], method => Assert.Contains(
            lines, line => line.Contains("The silos do not answer (", StringComparison.Ordinal) && line.Contains(method, StringComparison.Ordinal)));
        AssertNoSecrets([Chosen, ticket, .. Spellings(today), .. Spellings(yesterday), .. Spellings(player)], lines);
    }

    private static async Task<HttpResponseMessage> DefinePollAsync(RunningGateway gateway)
    {
        using var poll = new HttpRequestMessage(HttpMethod.Put, "/api/v1/sites/example.com/polls/bird?path=/a")
        {
            Content = JsonContent.Create(new { answers = new[] { "Wren94", Chosen } }),
            Headers = { Authorization = new("Bearer", RunningGateway.OperatorKey) },
        };
        return await gateway.Http.SendAsync(poll, TestContext.Current.CancellationToken);
    }

    private static void AssertNoSecrets(string[] secrets, string[] lines)
    {
        Assert.True(lines.Length > 20, "something was logged");
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(lines, line => line.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }
    }

    private static string[] Hashes(DailySalt salt, string address)
    {
        var (today, yesterday) = salt.Hash($"example.com\n{address}\nMozilla/5.0 Ada");
        return [.. Spellings(today), .. Spellings(yesterday)];
    }

    private static string[] Spellings(ulong hash) =>
    [
        hash.ToString(CultureInfo.InvariantCulture), hash.ToString("x", CultureInfo.InvariantCulture),
        Convert.ToBase64String(BitConverter.GetBytes(hash)).TrimEnd('='),
    ];

    /// <summary>Keeps whatever is measured here, with its tags.</summary>
    private sealed class MetricRecorder : IDisposable
    {
        private readonly ConcurrentQueue<string> measured = [];
        private readonly MeterListener listener = new();

        public MetricRecorder()
        {
            listener.InstrumentPublished = static (instrument, listener) => listener.EnableMeasurementEvents(instrument);
            listener.SetMeasurementEventCallback<int>(Record);
            listener.SetMeasurementEventCallback<long>(Record);
            listener.SetMeasurementEventCallback<double>(Record);
            listener.Start();
        }

        public IEnumerable<string> Measured
        {
            get
            {
                listener.RecordObservableInstruments();
                return measured;
            }
        }

        public void Dispose() => listener.Dispose();

        private void Record<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state) =>
            measured.Enqueue($"{instrument.Name} {value} {string.Join(' ', tags.ToArray())}");
    }
}
