using System.Text.Json;

namespace Counter.Grains.Tests.Faults;

/// <summary>A number as a gateway pushes it, to somebody who only watches.</summary>
internal sealed class Display : IDisposable
{
    private const string Data = "data: ";

    private readonly HttpClient http;
    private volatile int number = -1;
    private volatile int highest;
    private volatile int lowest;

    private Display(HttpClient http) => this.http = http;

    /// <summary>What is shown; -1 before the first number came.</summary>
    public int Number => number;

    /// <summary>The most that was shown since <see cref="Forget"/>.</summary>
    public int Highest => highest;

    /// <summary>The least that was shown since <see cref="Forget"/>.</summary>
    public int Lowest => lowest;

    /// <summary>Begins to watch what <c>?count=</c> names.</summary>
    public static async Task<Display> OpenAsync(Uri gateway, string count, CancellationToken cancellationToken)
    {
        var display = new Display(new HttpClient { BaseAddress = gateway });
        try
        {
            var stream = await display.http.GetStreamAsync($"/online/events?site={Crowd.Site}&page=/0&count={count}&watch=1", cancellationToken);

            // Owned by the client, which ends it when it is disposed.
            _ = display.ReadAsync(new StreamReader(stream));
            return display;
        }
        catch
        {
            display.Dispose();
            throw;
        }
    }

    /// <summary>Resets the highest and the lowest number.</summary>
    public void Forget() => highest = lowest = number;

    public void Dispose() => http.Dispose();

    private async Task ReadAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line.StartsWith(Data, StringComparison.Ordinal))
                {
                    using var json = JsonDocument.Parse(line[Data.Length..]);
                    number = json.RootElement.GetProperty("viewers").GetInt32();
                    highest = Math.Max(highest, number);
                    lowest = Math.Min(lowest, number);
                }
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or ObjectDisposedException or OperationCanceledException)
        {
            // The gateway or the test has ended.
        }
    }
}
