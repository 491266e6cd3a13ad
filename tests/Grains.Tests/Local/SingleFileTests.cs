using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Grains.Tests.Local;

/// <summary>The program as a release has it: one file that needs no runtime, with the libraries that draw and store inside.</summary>
public sealed class SingleFileTests : IDisposable
{
    private const string Key = "the-operators-key-of-this-test-and-no-other";

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("counter-test-");

    private string Published => Path.Combine(directory.FullName, "published");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task It_draws_stores_and_stops_on_SIGTERM()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals stop a program as here on Linux only.");

        // Compiled ahead, as in a release, it would take minutes more. The build of the tests has looked at the style.
        await Command.RunAsync(
            GatewayProcess.Runtime().FileName,
            $"publish {Path.GetFullPath("../../../src/Gateway", Here())} --configuration Release --runtime {RuntimeInformation.RuntimeIdentifier} "
            + "-p:PublishSingleFile=true -p:PublishReadyToRun=false -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false "
            + $"--artifacts-path {directory.FullName}/build --output {Published} --verbosity quiet -nodeReuse:false");
        var files = Directory.GetFiles(Published, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Published, path)).Order();
        Assert.Equal(["counter", "licenses/DejaVuSans.txt"], files);

        for (var run = 0; run < 2; run++)
        {
            await using var gateway = await StartAsync();
            using var http = new HttpClient { BaseAddress = gateway.Addresses[0] };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
            foreach (var (format, begin) in new[] { ("png", "\u0089PNG"), ("jpg", "\u00ff\u00d8\u00ff"), ("webp", "RIFF"), ("svg", "<svg") })
            {
                var picture = await http.GetByteArrayAsync($"/preview.{format}?n={run}&label=%D8%A7%D9%84%D8%A2%D9%86", Stop);
                Assert.StartsWith(begin, Encoding.Latin1.GetString(picture), StringComparison.Ordinal);
            }

            using var kept = run == 0
                ? await http.PutAsJsonAsync("/api/v1/sites/kept.example", new { counting = false }, Stop)
                : await http.GetAsync("/api/v1/sites/kept.example", Stop);
            Assert.True(kept.IsSuccessStatusCode, await kept.Content.ReadAsStringAsync(Stop));
            var copy = string.Create(CultureInfo.InvariantCulture, $"{directory.FullName}/copy-{run}.db");
            await Command.RunAsync(Path.Combine(Published, "counter"), $"backup {copy} --Data:Directory={directory.FullName}/data");
            await gateway.SignalAsync("TERM");
            Assert.Equal(0, await gateway.ExitAsync());

            // What appsettings.json says of the log holds without the file.
            Assert.DoesNotContain(gateway.Output, line => line.Contains("Microsoft.Hosting.Lifetime", StringComparison.Ordinal));
        }
    }

    private Task<GatewayProcess> StartAsync() => GatewayProcess.StartAsync(
        [IPAddress.Loopback],
        [$"--Data:Directory={directory.FullName}/data", "--Admin:Key=" + Key],
        new Dictionary<string, string> { ["DOTNET_BUNDLE_EXTRACT_BASE_DIR"] = Path.Combine(directory.FullName, "libraries") },
        folder: Published);

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
