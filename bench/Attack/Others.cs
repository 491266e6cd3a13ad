using System.Diagnostics;

namespace Counter.Attack;

/// <summary>People who ask for pictures that are in the cache, ten times a second each.</summary>
internal sealed class Others : IAsyncDisposable
{
    private const int People = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Latencies latencies = new();
    private readonly CancellationTokenSource over = new();
    private readonly HttpClient http;
    private readonly Task[] asking;

    public Others(Uri gateway)
    {
        http = new HttpClient { BaseAddress = gateway };
        asking = [.. Enumerable.Range(0, People).Select(_ => AskAsync())];
    }

    public string Take() => latencies.Take();

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await Task.WhenAll(asking);
        http.Dispose();
        over.Dispose();
    }

    private async Task AskAsync()
    {
        try
        {
            while (!over.IsCancellationRequested)
            {
                var began = Stopwatch.GetTimestamp();
                using (var answer = await http.GetAsync("/preview.png?n=7", over.Token))
                {
                    if (answer.IsSuccessStatusCode)
                    {
                        latencies.Add(Stopwatch.GetElapsedTime(began));
                    }
                    else
                    {
                        latencies.Fail();
                    }
                }

                await Task.Delay(Pause, over.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }
}
