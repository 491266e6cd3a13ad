using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Counter.Streams;

/// <summary>
/// Kills a gateway repeatedly while viewers arrive and settings change, and checks its data after each restart: every acknowledged setting and
/// all arrivals except the last ones must be there.
/// </summary>
internal sealed class KillTrial(int times, int pages, double longest) : IDisposable
{
    private const string Key = "the-operators-key-of-this-benchmark";
    private const string Site = "kill.example";

    // Changes are stored after Cluster:SaveSeconds at the latest. The check for due changes runs once a second.
    private static readonly TimeSpan Lost = TimeSpan.FromSeconds(12);

    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("counter-kill-");
    private readonly HttpClient http = new() { DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Key) }, Timeout = TimeSpan.FromSeconds(60) };
    private readonly List<string> answered = [];
    private readonly List<(long At, int Page)> arrivals = [];
    private readonly long[] kept = new long[pages];
    private readonly long[] begun = new long[pages];
    private Uri address = new("http://localhost");
    private int visitors;
    private int sites;
    private long killedAt;

    /// <summary><c>kill --times 50</c></summary>
    public static Command Command()
    {
        var times = new Option<int>("--times") { Description = "How often it is killed.", DefaultValueFactory = _ => 50 };
        var pages = new Option<int>("--pages") { Description = "Pages that viewers come to.", DefaultValueFactory = _ => 200 };
        var longest = new Option<double>("--longest") { Description = "Seconds that it lives at most.", DefaultValueFactory = _ => 20 };
        var command = new Command("kill", "Kills a gateway under load, and says what was lost.") { times, pages, longest };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var trial = new KillTrial(parsed.GetValue(times), parsed.GetValue(pages), parsed.GetValue(longest));
            return await trial.RunAsync(cancellationToken);
        });
        return command;
    }

    public void Dispose()
    {
        http.Dispose();
        data.Delete(recursive: true);
    }

    private async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        for (var round = 1; round <= times + 1; round++)
        {
            Task load;
            using var killed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using (Start())
            {
                failures += await CheckAsync(cancellationToken);
                if (round > times)
                {
                    break;
                }

                load = Task.WhenAll(ComeAsync(killed.Token), ChangeAsync(killed.Token));
                await Task.Delay(TimeSpan.FromSeconds(longest * Random.Shared.NextDouble()), cancellationToken);
                killedAt = Stopwatch.GetTimestamp();
            }

            await killed.CancelAsync();
            await load;
        }

        Say($"killed {times} times: {answered.Count} settings that were answered, {visitors} arrivals, of which {kept.Sum()} had to be kept; {failures} times something was wrong");
        return failures == 0 ? 0 : 1;
    }

    private ServerProcess Start()
    {
        var port = ServerProcess.FreePort();
        address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        return ServerProcess.Start(
            port,
            Gateway.Program,
            [],
            [("Kestrel__Endpoints__Bench__Url", address.OriginalString), ("Data__Directory", data.FullName), ("Admin__Key", Key), ("Logging__LogLevel__Default", "Warning")],
            leaves: null);
    }

    /// <summary>Checks the data of the gateway.</summary>
    /// <returns>The number of errors.</returns>
    private async Task<int> CheckAsync(CancellationToken cancellationToken)
    {
        var wrong = 0;
        foreach (var site in answered)
        {
            using var answer = await http.GetAsync(new Uri(address, "/api/v1/sites/" + site), cancellationToken);
            if (!(await answer.Content.ReadAsStringAsync(cancellationToken)).Contains("\"counting\":false", StringComparison.Ordinal))
            {
                wrong++;
                Say($"the settings of {site} are lost");
            }
        }

        for (var page = 0; page < pages; page++)
        {
            // Arrivals shortly before each kill may be lost. Others may be counted although their pictures did not arrive.
            kept[page] += arrivals.Count(a => a.Page == page && Stopwatch.GetElapsedTime(a.At, killedAt) > Lost);
            var found = await ArrivalsAsync(page, cancellationToken);
            if (found < kept[page] || found > begun[page])
            {
                wrong++;
                Say($"page {page} has {found} arrivals; there were {kept[page]} to {begun[page]}");
            }
        }

        arrivals.Clear();
        return wrong;
    }

    private async Task<long> ArrivalsAsync(int page, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(new Uri(address, string.Create(CultureInfo.InvariantCulture, $"/api/v1/sites/{Site}/page?path=/{page}")), cancellationToken);
        return answer.StatusCode == HttpStatusCode.NotFound ? 0
            : (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("arrivals").GetInt64();
    }

    private async Task ComeAsync(CancellationToken killed)
    {
        try
        {
            while (true)
            {
                var page = Random.Shared.Next(pages);
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, string.Create(CultureInfo.InvariantCulture, $"/online.png?site={Site}&page=/{page}")));
                request.Headers.TryAddWithoutValidation("User-Agent", string.Create(CultureInfo.InvariantCulture, $"Mozilla/5.0 visitor/{visitors}"));
                begun[page]++;
                using var picture = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, killed);
                _ = await (await picture.Content.ReadAsStreamAsync(killed)).ReadAtLeastAsync(new byte[300], 300, cancellationToken: killed);
                arrivals.Add((Stopwatch.GetTimestamp(), page));
                visitors++;
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            // The gateway was killed.
        }
    }

    private async Task ChangeAsync(CancellationToken killed)
    {
        try
        {
            while (true)
            {
                var site = string.Create(CultureInfo.InvariantCulture, $"site-{sites++}.example");
                using var answer = await http.PutAsJsonAsync(new Uri(address, "/api/v1/sites/" + site), new { counting = false }, killed);
                if (answer.IsSuccessStatusCode)
                {
                    answered.Add(site);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(100), killed);
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            // The gateway was killed.
        }
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
