using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Counter.Gateway.Tests.Support;
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
    public async Task What_was_answered_is_there_after_a_kill()
    {
        for (var run = 0; run < 3; run++)
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
    public async Task It_listens_on_the_port_of_its_pages_and_on_no_other()
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

    private Task<GatewayProcess> StartAsync() => GatewayProcess.StartAsync(
        [IPAddress.Loopback],
        ["--Cluster:Engine=Orleans", "--Orleans:Store=Local", "--Data:Directory=" + directory.FullName, "--Admin:Key=" + Key, "--Logging:LogLevel:Default=Warning"],
        new Dictionary<string, string>());

    private static HttpClient Client(GatewayProcess gateway) => new()
    {
        BaseAddress = gateway.Addresses[0],
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Key) },
    };

    private static Task ReadyAsync(HttpClient http) => Wait.UntilAsync(async () => await http.GetStringAsync("/health/ready", Stop) == "Healthy", "the silo");
}
