using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Counter.Gateway.Operations;
using Counter.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Counter.Gateway.Tests.Support;

/// <summary>The whole gateway in this process, on a free loopback port and with a clock that tests move.</summary>
public sealed class RunningGateway : IAsyncDisposable
{
    /// <summary>The operator's key of every test gateway.</summary>
    public const string OperatorKey = "the-operators-key-of-all-the-tests-here";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private readonly DirectoryInfo? ownData;

    private RunningGateway(WebApplication app, ManualTimeProvider clock, DirectoryInfo? ownData)
    {
        App = app;
        Clock = clock;
        this.ownData = ownData;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public WebApplication App { get; }

    public ManualTimeProvider Clock { get; }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public static Task<RunningGateway> StartAsync(params string[] settings) => StartAsync(log: null, settings);

    /// <summary>Starts a gateway with a log of the test that gets all levels.</summary>
    public static Task<RunningGateway> StartAsync(ILoggerProvider? log, params string[] settings) => StartAsync(log, replace: null, settings);

    /// <summary>Starts a gateway with some of its services replaced.</summary>
    public static Task<RunningGateway> StartAsync(ILoggerProvider? log, Action<IServiceCollection>? replace, params string[] settings) =>
        StartAsync(log, new ManualTimeProvider(), replace, settings);

    /// <summary>Starts a gateway with a clock that it shares with others.</summary>
    public static async Task<RunningGateway> StartAsync(
        ILoggerProvider? log, ManualTimeProvider clock, Action<IServiceCollection>? replace, params string[] settings)
    {
        var given = settings.FirstOrDefault(s => s.StartsWith("--Data:Directory=", StringComparison.Ordinal));
        var data = given is null ? Directory.CreateTempSubdirectory("counter-test-") : null;
        // Tests move the clock while the presence of a site answers, so the first frame gets a long deadline.
        string[] args = ["--Streaming:DrainSeconds=0", "--Streaming:FirstFrameMilliseconds=60000", "--Admin:Key=" + OperatorKey, .. settings, "--urls=http://127.0.0.1:0", .. data is null ? [] : new[] { "--Data:Directory=" + data.FullName }];
        var app = CounterApp.Build(args, builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(clock);
            replace?.Invoke(builder.Services);
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<ILoggerProvider, ServerLog>();
            if (log is not null)
            {
                builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace);
            }
        });
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            data?.Delete(recursive: true);
            throw;
        }

        return new RunningGateway(app, clock, data);
    }

    /// <summary>
    /// Opens a stream of bytes as a browser or a tool does. Moves the clock first, so the stream does not wait for the pacing of frames after
    /// the last join.
    /// </summary>
    public Task<RawClient> OpenAsync(string path, params string[] headers) => OpenAsync(path, () => RawClient.OpenAsync(Address, path, headers));

    /// <summary>Opens a stream from another address.</summary>
    public Task<RawClient> OpenAsync(IPAddress from, string path, params string[] headers) =>
        OpenAsync(path, () => RawClient.OpenAsync(Address, from, path, headers));

    private async Task<RawClient> OpenAsync(string path, Func<Task<RawClient>> open)
    {
        var metrics = App.Services.GetRequiredService<CounterMetrics>();
        var sent = metrics.FramesSent;
        var client = await BeginAsync(open);
        if (client.Head.Contains("multipart", StringComparison.Ordinal) && path.StartsWith("/online", StringComparison.Ordinal))
        {
            // The client has the frame before the server has completed the write. If the clock moved now, the write would count as stuck.
            await Wait.UntilAsync(() => metrics.FramesSent > sent, "the first frame to be sent");
        }

        return client;
    }

    /// <summary>
    /// Opens a stream and moves the clock no further than necessary. On a busy machine more would make other streams wait for long.
    /// </summary>
    public async Task<T> BeginAsync<T>(Func<Task<T>> open)
    {
        Clock.Advance(TimeSpan.FromMilliseconds(100));
        var opening = open();
        while (true)
        {
            try
            {
                return await opening.WaitAsync(Deadline);
            }
            catch (TimeoutException) when (!opening.IsCompleted)
            {
                // The answer to a report was pushed first, so pacing delays the first frame of the stream.
                Clock.Advance(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    /// <summary>Opens an image as a browser on a page does.</summary>
    /// <param name="page">The page.</param>
    /// <param name="path">The image.</param>
    /// <param name="agent">Identifies the browser; null for a new one.</param>
    public Task<RawClient> ViewAsync(string page, string path = "/online.png", string? agent = null) => OpenAsync(
        path, "Referer: " + page, "User-Agent: Mozilla/5.0 " + (agent ?? Guid.NewGuid().ToString()), "Accept: image/*", "Sec-Fetch-Dest: image");

    /// <summary>The number of a page, or of its site.</summary>
    public async Task<int> CountAsync(string page, string parameters = "")
    {
        var url = new Uri(page);
        var text = await Http.GetStringAsync($"/online.txt?site={url.Authority}&page={Uri.EscapeDataString(url.PathAndQuery)}{parameters}");
        return int.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until a page has a number of viewers, because joins and leaves cross a socket.</summary>
    public Task WaitForCountAsync(string page, int viewers) =>
        Wait.UntilAsync(async () => await CountAsync(page) == viewers, $"{viewers} viewers of {page}");

    /// <summary>The explanation of the number of a page.</summary>
    public async Task<(int Streams, int Viewers, int Suspected, int NotPeople)> ExplainAsync(string page)
    {
        var url = new Uri(page);
        using var json = JsonDocument.Parse(
            await GetWithKeyAsync($"/online.json?explain=1&site={url.Authority}&page={Uri.EscapeDataString(url.PathAndQuery)}"));
        var explain = json.RootElement.GetProperty("explain");
        return (Read("streams"), Read("viewers"), Read("suspected"), Read("notPeople"));

        int Read(string name) => explain.GetProperty(name).GetInt32();
    }

    /// <summary>Gets a path with the operator's key.</summary>
    public async Task<string> GetWithKeyAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", OperatorKey);
        using var answer = await Http.SendAsync(request);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    /// <summary>The frame that shows a number.</summary>
    public Task<byte[]> PreviewAsync(string parameters, string extension = "png") =>
        Http.GetByteArrayAsync($"/preview.{extension}?{parameters}");

    /// <summary>Moves the clock in steps of 100 ms until a condition is true.</summary>
    public Task AdvanceUntilAsync(Func<bool> done, string what) => AdvanceUntilAsync(done, TimeSpan.FromMilliseconds(100), what);

    /// <summary>Moves the clock in steps until a condition is true.</summary>
    public Task AdvanceUntilAsync(Func<bool> done, TimeSpan step, string what) => Wait.UntilAsync(
        async () =>
        {
            Clock.Advance(step);

            // On a busy machine the clock must not run ahead of the work that it triggers, which waits in the same queue of the thread pool.
            for (var i = 0; i < 4; i++)
            {
                await Task.Factory.StartNew(static () => { }, CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default);
            }

            return done();
        },
        what);

    /// <summary>Moves the clock in steps of 100 ms until a task has completed, and returns its result.</summary>
    public async Task<T> AdvanceUntilAsync<T>(Task<T> task, string what)
    {
        await AdvanceUntilAsync(() => task.IsCompleted, what);
        return await task;
    }

    /// <summary>Moves the clock in steps of 100 ms, and by no more than a total, until a page has a number of viewers.</summary>
    public async Task AdvanceUntilCountAsync(string page, int viewers, TimeSpan within)
    {
        var deadline = Clock.GetUtcNow() + within;
        await Wait.UntilAsync(
            async () =>
            {
                Clock.Advance(Clock.GetUtcNow() < deadline ? TimeSpan.FromMilliseconds(100) : TimeSpan.Zero);
                return await CountAsync(page) == viewers;
            },
            $"{viewers} viewers of {page} within {within}");
    }

    /// <summary>Moves the clock in steps of 100 ms, and gives the gateway time for its background work after each.</summary>
    public async Task AdvanceForAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(100))
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Http.GetStringAsync("/health/live");
        }
    }

    /// <summary>Stops the gateway gracefully, and moves the clock through its drain.</summary>
    public async Task StopAsync()
    {
        var stopping = App.StopAsync();
        await AdvanceUntilAsync(() => stopping.IsCompleted, "the gateway to stop");
        await stopping;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await StopAsync();
        await App.DisposeAsync();
        ownData?.Delete(recursive: true);
    }
}
