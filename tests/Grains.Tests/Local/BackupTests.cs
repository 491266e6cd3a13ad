using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Tests.Faults;
using Xunit;

namespace Counter.Grains.Tests.Local;

/// <summary><c>counter backup FILE</c> while a gateway is in use.</summary>
public sealed class BackupTests : IDisposable
{
    private const string Key = "the-operators-key-of-this-test-and-no-other";
    private const string Site = "/api/v1/sites/" + Crowd.Site;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("counter-test-");

    private string Data => Path.Combine(directory.FullName, "data");

    private string Copy => Path.Combine(directory.FullName, "copy.db");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task A_backup_during_writes_is_complete_and_the_gateway_loses_nothing()
    {
        await using (var gateway = await StartAsync(Data))
        {
            using var http = Client(gateway);
            await PutAsync(http, "before");
            using var crowd = new Crowd(gateway.Addresses[0]);
            await crowd.ComeAsync(20, Stop);
            await Wait.UntilAsync(async () => (await AnswerAsync(http)).Contains("\"viewers\":20,", StringComparison.Ordinal), "the viewers");

            // What is counted is stored every second.
            await Wait.UntilAsync(HasArrivalsAsync, "the viewers to be stored");
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            var writing = Task.Run(
                async () =>
                {
                    for (var i = 0; !enough.IsCancellationRequested; i++)
                    {
                        await PutAsync(http, $"while-{i}");
                    }
                },
                Stop);
            for (var i = 0; i < 3; i++)
            {
                File.Delete(Copy);
                Assert.Equal((0, $"Copied {Data}/counter.db to {Copy}."), await RunAsync("backup", Copy, "--Data:Directory=" + Data));
            }

            await enough.CancelAsync();
            await writing;

            // SQLite removes the log beside a file when the last process closes it, which the copying one must not take itself for.
            await PutAsync(http, "after");
            Assert.True(File.Exists(Path.Combine(Data, "counter.db-wal")));
            gateway.Kill();
        }

        Assert.Equal(["copy.db"], directory.GetFiles().Select(file => file.Name));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Copy));
        var restored = Directory.CreateDirectory(Path.Combine(directory.FullName, "restored")).FullName;
        File.Copy(Copy, Path.Combine(restored, "counter.db"));
        await using (var gateway = await StartAsync(restored))
        {
            using var http = Client(gateway);
            var known = await AnswerAsync(http);
            Assert.All(["\"peak\":20,", "\"arrivals\":20,"], part => Assert.Contains(part, known, StringComparison.Ordinal));
            Assert.True(await HasAsync(http, "before"));
            Assert.False(await HasAsync(http, "after"));
        }

        await using (var gateway = await StartAsync(Data))
        {
            using var http = Client(gateway);
            Assert.True(await HasAsync(http, "after"));
        }
    }

    [Theory]
    [InlineData("A backup needs a file to write to: counter backup FILE.", "backup")]
    [InlineData("A backup needs a file to write to: counter backup FILE.", "backup", "--Data:Directory=data")]
    [InlineData("'more' is not understood. Write a setting as", "backup", "copy.db", "more")]
    [InlineData("Dta is not a section of settings", "backup", "copy.db", "--Dta:Directory=data")]
    [InlineData("There is no {0}/data/counter.db to back up: set Data:Directory to the directory that Counter uses.", "backup", "copy.db")]
    [InlineData("{0}/there already exists: name another file.", "backup", "there", "--Data:Directory=used")]
    [InlineData("{0}/used already exists: name another file.", "backup", "used", "--Data:Directory=used")]
    [InlineData("{0}/nowhere/copy.db cannot be written: name a file that this process may write.", "backup", "nowhere/copy.db", "--Data:Directory=used")]
    [InlineData("{0}/used/counter.db cannot be copied to {0}/copy.db: ", "backup", "copy.db", "--Data:Directory=used")]
    [InlineData(
        "Cluster:Store is Postgres, which has its own tools for backups: pg_dump of the database.", "backup", "copy.db", "--Cluster:Store=Postgres",
        "--Cluster:ConnectionString=Host=nowhere")]
    [InlineData(
        "Cluster:Store is AzureStorage, which has its own tools for backups.", "backup", "copy.db", "--Cluster:Store=AzureStorage",
        "--Cluster:TableEndpoint=https://a.example", "--Cluster:BlobEndpoint=https://b.example")]
    public async Task A_failed_backup_prints_one_line_and_leaves_no_file(string sentence, params string[] arguments)
    {
        directory.CreateSubdirectory("used");
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "used", "counter.db"), new string('x', 4096), Stop);
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "there"), "", Stop);
        var (code, output) = await RunAsync(arguments);
        Assert.Equal(1, code);
        Assert.StartsWith("counter: " + sentence.Replace("{0}", directory.FullName, StringComparison.Ordinal), output, StringComparison.Ordinal);
        Assert.Single(output.Split('\n'));
        Assert.Equal(["there"], directory.GetFiles().Select(file => file.Name));
    }

    private static Task<GatewayProcess> StartAsync(string data) => GatewayProcess.StartAsync(
        [IPAddress.Loopback],
        ["--Data:Directory=" + data, "--Admin:Key=" + Key, "--Cluster:SaveSeconds=1", "--Logging:LogLevel:Default=Warning"],
        new Dictionary<string, string>());

    private static HttpClient Client(GatewayProcess gateway) => new()
    {
        BaseAddress = gateway.Addresses[0],
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Key) },
    };

    private static async Task PutAsync(HttpClient http, string name)
    {
        using var answer = await http.PutAsJsonAsync($"/api/v1/sites/{name}.example", new { counting = false }, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    private static async Task<bool> HasAsync(HttpClient http, string name)
    {
        using var answer = await http.GetAsync($"/api/v1/sites/{name}.example", Stop);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    /// <summary>What is known of the site, also when it is nothing.</summary>
    private static async Task<string> AnswerAsync(HttpClient http)
    {
        using var answer = await http.GetAsync(Site, Stop);
        return await answer.Content.ReadAsStringAsync(Stop);
    }

    /// <summary>Whether a copy has the viewers: what is counted is stored some time later.</summary>
    private async Task<bool> HasArrivalsAsync()
    {
        File.Delete(Copy);
        Assert.Equal(0, (await RunAsync("backup", Copy, "--Data:Directory=" + Data)).Code);
        var look = directory.CreateSubdirectory(Guid.NewGuid().ToString()).FullName;
        File.Copy(Copy, Path.Combine(look, "counter.db"));
        await using var gateway = await StartAsync(look);
        using var http = Client(gateway);
        return (await AnswerAsync(http)).Contains("\"arrivals\":20,", StringComparison.Ordinal);
    }

    /// <summary>Runs the program in the directory of this test until it ends.</summary>
    private async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        var start = GatewayProcess.Runtime();
        (start.RedirectStandardOutput, start.RedirectStandardError, start.WorkingDirectory) = (true, true, directory.FullName);
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Counter.Gateway.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(Stop);
        var output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, (output + await errors).TrimEnd());
    }
}
