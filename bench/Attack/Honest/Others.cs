using System.Net;
using System.Net.Sockets;

namespace Counter.Attack.Honest;

/// <summary>Honest clients that request a cached picture ten times a second each, over a new connection every two seconds.</summary>
internal sealed class Others : IAsyncDisposable
{
    private const int People = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Latencies latencies = new();
    private readonly CancellationTokenSource over = new();
    private readonly Task[] asking;

    public Others(Target gateway) => asking = [.. Enumerable.Range(0, People).Select(number => AskAsync(gateway, number))];

    public string Take() => latencies.Take();

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await Task.WhenAll(asking);
        over.Dispose();
    }

    private async Task AskAsync(Target gateway, int number)
    {
        using var http = gateway.Http(number, HttpVersion.Version11, Lifetime);
        http.Timeout = Patience;
        while (!over.IsCancellationRequested)
        {
            var wait = latencies.Begin();
            try
            {
                using var answer = await http.GetAsync("/preview.png?n=7", over.Token);
                answer.EnsureSuccessStatusCode();
                latencies.End(wait);
                await Task.Delay(Pause, over.Token);
            }
            catch (Exception) when (over.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is HttpRequestException or SocketException or OperationCanceledException)
            {
                latencies.Fail(wait);
                await Task.Delay(Pause, over.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
        }
    }
}
