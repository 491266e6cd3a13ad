using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Tests.Faults;
using Counter.Grains.Tests.Support;
using Xunit;

namespace Counter.Grains.Tests.Local;

/// <summary>A gateway with a silo in its process, as operators run it.</summary>
public sealed class LocalProcessTests : IDisposable
{
    private const string Key = "the-operators-key-of-this-test-and-no-other";

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("counter-test-");

    private static string Site(int run) => string.Create(CultureInfo.InvariantCulture, $"/api/v1/sites/run-{run}.example");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task Answered_changes_survive_a_kill()
    {
        for (var run = 0; run < 2; run++)
        {
            await using var gateway = await StartAsync();
            using var http = Client(gateway);
            await ReadyAsync(http);
            for (var before = 0; before < run; before++)
            {
                Assert.Contains("\"counting\":false", await http.GetStringAsync(Site(before), Stop), StringComparison.Ordinal);
            }

            using var answer = await http.PutAsJsonAsync(Site(run), new { counting = false }, Stop);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
            gateway.Kill();
        }
    }

    [Fact]
    public async Task Numbers_and_settings_survive_a_stop()
    {
        var site = "/api/v1/sites/" + Crowd.Site;
        var hour = DateTimeOffset.UtcNow;
        await using (var gateway = await StartAsync())
        {
            using var http = Client(gateway);
            await ReadyAsync(http);
            using var crowd = new Crowd(gateway.Addresses[0]);
            await crowd.ComeAsync(20, Stop);
            await Wait.UntilAsync(async () => (await AnswerAsync(http, site)).Contains("\"viewers\":20,", StringComparison.Ordinal), "the viewers");
            using var answer = await http.PutAsJsonAsync(site, new { hosts = new[] { "shop.example.com" } }, Stop);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
            await gateway.SignalAsync("TERM");
            Assert.Equal(0, await gateway.ExitAsync());
        }

        await using var again = await StartAsync();
        using var reader = Client(again);
        await ReadyAsync(reader);
        var known = await reader.GetStringAsync(site, Stop);
        Assert.All(["\"viewers\":0,", "\"peak\":20,", "\"arrivals\":20,", "shop.example.com"], part => Assert.Contains(part, known, StringComparison.Ordinal));
        var past = await reader.GetStringAsync(string.Create(CultureInfo.InvariantCulture, $"{site}/history?step=hour&from={hour:yyyy-MM-ddTHH:00:00Z}"), Stop);
        Assert.Contains("\"peak\":20,", past, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_logged_once_and_refuses_settings_without_a_loss()
    {
        await using var disk = new SmallDisk();
        var problem = await disk.TryMountAsync();
        Assert.SkipWhen(problem is not null, problem ?? "");
        var kept = 0;
        await using (var gateway = await StartAsync(disk.Directory))
        {
            using var http = Client(gateway);
            await ReadyAsync(http);
            disk.Fill();
            var refused = HttpStatusCode.OK;
            await Wait.UntilAsync(
                async () =>
                {
                    using var answer = await http.PutAsJsonAsync(Site(kept), new { counting = false }, Stop);
                    kept += answer.IsSuccessStatusCode ? 1 : 0;
                    refused = answer.StatusCode;
                    Assert.Equal(answer.IsSuccessStatusCode, answer.Content.Headers.ContentType!.MediaType == "application/json");
                    return !answer.IsSuccessStatusCode;
                },
                "a change to be refused");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused);
            await Wait.UntilAsync(async () => await http.GetStringAsync("/health/ready", Stop) == "Degraded", "the gateway to say so");
            using var crowd = new Crowd(gateway.Addresses[0]);
            await crowd.ComeAsync(100, Stop);
            await Wait.UntilAsync(async () => (await AnswerAsync(http, "/api/v1/sites/" + Crowd.Site)).Contains("\"viewers\":100,", StringComparison.Ordinal), "the viewers");
            Assert.Single(gateway.Output, line => line.Contains("cannot be stored (", StringComparison.Ordinal));
            gateway.Kill();
        }

        // It may start, or say in one line why it does not.
        try
        {
            await (await StartAsync(disk.Directory)).DisposeAsync();
        }
        catch (InvalidOperationException e)
        {
            Assert.Equal(2, e.Message.Split("counter: ").Length);
            Assert.DoesNotContain("   at ", e.Message, StringComparison.Ordinal);
        }

        disk.Free();
        await using var again = await StartAsync(disk.Directory);
        using var reader = Client(again);
        await ReadyAsync(reader);
        for (var i = 0; i < kept; i++)
        {
            Assert.Contains("\"counting\":false", await reader.GetStringAsync(Site(i), Stop), StringComparison.Ordinal);
        }

        // The next one was refused, and did not come by itself.
        Assert.Contains("\"status\":404", await AnswerAsync(reader, Site(kept)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_at_the_start_prints_one_line()
    {
        await using var disk = new SmallDisk();
        var problem = await disk.TryMountAsync();
        Assert.SkipWhen(problem is not null, problem ?? "");
        disk.Fill();
        var message = (await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(disk.Directory))).Message;
        Assert.StartsWith("The gateway did not start: counter: There is no space on the disk of " + disk.Directory, message, StringComparison.Ordinal);
        Assert.Single(message.Split('\n'));
    }

    [Fact]
    public async Task It_listens_on_one_port_only()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a process listens on is read from Linux's /proc.");
        await using var gateway = await StartAsync();
        using var http = Client(gateway);
        await ReadyAsync(http);
        var sockets = Directory.GetFiles(string.Create(CultureInfo.InvariantCulture, $"/proc/{gateway.Id}/fd"))
            .Select(fd => new FileInfo(fd).LinkTarget ?? "").Where(target => target.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(target => target[8..^1]).ToHashSet();
        var listening = new[] { "/proc/net/tcp", "/proc/net/tcp6" }.SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && fields[3] == "0A" && sockets.Contains(fields[9]))
            .Select(fields => int.Parse(fields[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        Assert.Equal([gateway.Addresses[0].Port], listening);
    }

    private Task<GatewayProcess> StartAsync(string? data = null) => GatewayProcess.StartAsync(
        [IPAddress.Loopback],
        ["--Data:Directory=" + (data ?? directory.FullName), "--Admin:Key=" + Key, "--Logging:LogLevel:Default=Warning"],
        new Dictionary<string, string>());

    private static HttpClient Client(GatewayProcess gateway) => new()
    {
        BaseAddress = gateway.Addresses[0],
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Key) },
    };

    /// <summary>What is answered, also when there is nothing.</summary>
    private static async Task<string> AnswerAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path, Stop);
        return await answer.Content.ReadAsStringAsync(Stop);
    }

    private static Task ReadyAsync(HttpClient http) => Wait.UntilAsync(async () => await http.GetStringAsync("/health/ready", Stop) == "Healthy", "the silo");
}
