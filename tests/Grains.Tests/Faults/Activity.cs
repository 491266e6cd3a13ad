using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Counter.Gateway.Play.Pictures;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Grains.Tests.Faults;

/// <summary>What goes on at both gateways while faults happen: a poll is voted in, a table is played at, a channel is published to.</summary>
internal sealed partial class Activity : IAsyncDisposable
{
    private const string Site = "busy.example";
    private const string Poll = $"/poll/busy?site={Site}&page=/&question=Which%3F&options=Yes,No";

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);

    // The squares that X and O take in turn; nobody wins.
    private static readonly int[] Moves = [4, 0, 2, 6, 3, 5, 1, 7, 8];

    private readonly Deployment all;
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly CancellationTokenSource over;
    private readonly Picture[] boards = new Picture[2];
    private readonly Picture[] channels = new Picture[2];
    private int[] open = Deployment.Both;
    private Task voting = Task.CompletedTask;
    private Task publishing = Task.CompletedTask;
    private string table = "";
    private string[] seats = [];
    private int moves;
    private int tried;
    private int answered;
    private int published;

    private Activity(Deployment all) =>
        (this.all, over) = (all, CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken));

    /// <summary>The votes that were answered as taken.</summary>
    public int Votes => Volatile.Read(ref answered);

    /// <summary>Begins a poll, a game whose players sit at one gateway each, and a channel.</summary>
    public static async Task<Activity> StartAsync(Deployment all)
    {
        var activity = new Activity(all);
        var (path, ann) = Parse((await activity.PostAsync(0, "/play")).Headers.Location!);
        activity.table = path;
        var (_, bob) = Parse((await activity.PostAsync(1, path, ("do", "sit"))).Headers.Location!);
        activity.seats = [ann, bob];
        await activity.PublishAsync();
        foreach (var i in Deployment.Both)
        {
            await activity.OpenAsync(i);
        }

        activity.voting = activity.RepeatAsync(activity.VoteAsync);
        activity.publishing = activity.RepeatAsync(activity.PublishAsync);
        return activity;
    }

    /// <summary>Opens the board and the channel at a restarted gateway.</summary>
    public async Task OpenAsync(int gateway)
    {
        await Wait.UntilAsync(
            async () =>
            {
                boards[gateway]?.Dispose();
                channels[gateway]?.Dispose();
                try
                {
                    boards[gateway] = await Picture.OpenAsync(new Uri(all.Gateways[gateway].Addresses[0], $"{table}/board.svg?seat={seats[gateway]}"), over.Token);
                    channels[gateway] = await Picture.OpenAsync(new Uri(all.Gateways[gateway].Addresses[0], "/relay/busy.mjpeg?watch=1&length=1"), over.Token);
                    return true;
                }
                catch (HttpRequestException)
                {
                    // It does not reach the silos yet.
                    return false;
                }
            },
            $"the board and the channel at gateway {gateway}");
        open = Deployment.Both;
    }

    /// <summary>A gateway is gone.</summary>
    public void Close(int gateway) => open = [.. Deployment.Both.Where(i => i != gateway)];

    /// <summary>Votes that were answered are counted, the next move is shown everywhere, and so is the next picture of the channel.</summary>
    /// <returns>How long that took, as a sentence.</returns>
    public async Task<string> CheckAsync()
    {
        var watch = Stopwatch.StartNew();
        var (taken, shown) = (Volatile.Read(ref answered), channels.Select(channel => channel.Frames).ToArray());
        await MoveAsync();
        foreach (var i in open)
        {
            await Wait.UntilAsync(() => Task.FromResult(channels[i].Frames > shown[i]), $"another picture of the channel at gateway {i}");
            await Wait.UntilAsync(async () => await CountAsync(i) >= taken, $"all {taken} votes that were answered, at gateway {i}");
            Assert.InRange(await CountAsync(i), taken, Volatile.Read(ref tried));
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{taken} votes, {moves} moves and {Volatile.Read(ref published)} pictures are known everywhere after {watch.Elapsed.TotalSeconds:F1} s");
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await Task.WhenAll(voting, publishing);
        foreach (var picture in boards.Concat(channels))
        {
            picture?.Dispose();
        }

        http.Dispose();
        over.Dispose();
    }

    /// <summary>Whose turn it is moves, and everybody sees that and all moves before.</summary>
    private async Task MoveAsync()
    {
        var mover = moves % 2;
        var before = boards.Select(board => board.Frames).ToArray();
        var square = Moves[moves++].ToString(CultureInfo.InvariantCulture);
        var expected = $"X: {Squares(0)}." + (moves > 1 ? $" O: {Squares(1)}." : "");
        await Wait.UntilAsync(
            async () => (await TryAsync(() => PostAsync(open.Contains(mover) ? mover : 0, table, ("do", square), ("seat", seats[mover]))))?.StatusCode == HttpStatusCode.NoContent,
            $"move {moves} to be taken");
        foreach (var i in open)
        {
            string? words = null;
            await Wait.UntilAsync(
                async () =>
                {
                    using var page = await TryAsync(() => http.GetAsync(new Uri(all.Gateways[i].Addresses[0], $"{table}?words=1"), over.Token));
                    words = page is null ? null : WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(over.Token));
                    return words?.Contains(expected, StringComparison.Ordinal) == true;
                },
                $"'{expected}' at gateway {i}");
            await Wait.UntilAsync(() => Task.FromResult(boards[i].Frames > before[i]), $"the board at gateway {i} to show move {moves}");
        }
    }

    private string Squares(int player) => string.Join(
        ", ", Moves.Take(moves).Where((_, i) => i % 2 == player).Order().Select(square => Scene.Squares[square]));

    private async Task VoteAsync()
    {
        var number = Volatile.Read(ref tried);
        var gateway = open[number % open.Length];
        var browser = string.Create(CultureInfo.InvariantCulture, $"Mozilla/5.0 (voter {number})");
        using var ask = new HttpRequestMessage(HttpMethod.Get, new Uri(all.Gateways[gateway].Addresses[0], "/embed" + Poll));
        ask.Headers.TryAddWithoutValidation("User-Agent", browser);
        using var page = await http.SendAsync(ask, over.Token);
        var token = Token().Match(await page.Content.ReadAsStringAsync(over.Token)).Groups[1].Value;
        using var vote = new HttpRequestMessage(HttpMethod.Post, new Uri(all.Gateways[gateway].Addresses[0], Poll))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = token, ["answer"] = "Yes" }),
        };
        vote.Headers.TryAddWithoutValidation("User-Agent", browser);
        Interlocked.Increment(ref tried);
        using var answer = await http.SendAsync(vote, over.Token);
        if ((int)answer.StatusCode < 400)
        {
            Interlocked.Increment(ref answered);
        }
    }

    private async Task PublishAsync()
    {
        var address = all.Gateways[0].Addresses[0];
        var picture = await http.GetByteArrayAsync(new Uri(address, $"/preview.jpg?n={published}&background=fff"), over.Token);
        using var put = new HttpRequestMessage(HttpMethod.Put, new Uri(address, "/relay/busy"))
        {
            Content = new ByteArrayContent(picture) { Headers = { ContentType = MediaTypeHeaderValue.Parse("image/jpeg") } },
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Deployment.Key) },
        };
        using var answer = await http.SendAsync(put, over.Token);
        if (answer.IsSuccessStatusCode)
        {
            Interlocked.Increment(ref published);
        }
    }

    private async Task<long> CountAsync(int gateway)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Get, new Uri(all.Gateways[gateway].Addresses[0], $"/api/v1/sites/{Site}/polls"));
        ask.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Deployment.Key);
        using var answer = await TryAsync(() => http.SendAsync(ask, over.Token));
        if (answer?.IsSuccessStatusCode != true)
        {
            return -1;
        }

        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(over.Token));
        return json.RootElement.GetProperty("items").EnumerateArray()
            .SelectMany(poll => poll.GetProperty("answers").EnumerateArray()).Sum(one => one.GetProperty("votes").GetInt64());
    }

    private async Task RepeatAsync(Func<Task> act)
    {
        using var beat = new PeriodicTimer(Beat);
        try
        {
            while (await beat.WaitForNextTickAsync(over.Token))
            {
                try
                {
                    await act();
                }
                catch (Exception e) when (e is HttpRequestException or IOException)
                {
                    // The gateway is not there at present.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }

    private Task<HttpResponseMessage> PostAsync(int gateway, string path, params (string Name, string Value)[] fields) => http.PostAsync(
        new Uri(all.Gateways[gateway].Addresses[0], path), new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))), over.Token);

    private static async Task<HttpResponseMessage?> TryAsync(Func<Task<HttpResponseMessage>> ask)
    {
        try
        {
            return await ask();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static (string Path, string Ticket) Parse(Uri location) => location.OriginalString.Split("?seat=") is [var path, var ticket]
        ? (path, ticket)
        : throw new InvalidDataException(location.OriginalString);

    [GeneratedRegex("name=\"token\" value=\"([^\"]+)\"")]
    private static partial Regex Token();

    /// <summary>A live picture, and how many frames have come.</summary>
    private sealed class Picture : IDisposable
    {
        private static readonly byte[] Header = "Content-Type: image/"u8.ToArray();

        private readonly HttpClient http = new();
        private int frames;

        public int Frames => Volatile.Read(ref frames);

        public static async Task<Picture> OpenAsync(Uri address, CancellationToken cancellationToken)
        {
            var picture = new Picture();
            try
            {
                picture.http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (busy)");
                picture.http.DefaultRequestHeaders.TryAddWithoutValidation("Sec-Fetch-Dest", "image");
                var stream = await picture.http.GetStreamAsync(address, cancellationToken);

                // Owned by the client, which ends it when it is disposed.
                _ = picture.ReadAsync(stream);
                return picture;
            }
            catch
            {
                picture.Dispose();
                throw;
            }
        }

        public void Dispose() => http.Dispose();

        private async Task ReadAsync(Stream stream)
        {
            var buffer = new byte[65536];
            var matched = 0;
            try
            {
                int length;
                while ((length = await stream.ReadAsync(buffer)) > 0)
                {
                    foreach (var next in buffer.AsMemory(0, length).ToArray())
                    {
                        matched = next == Header[matched] ? matched + 1 : next == Header[0] ? 1 : 0;
                        if (matched == Header.Length)
                        {
                            matched = 0;
                            Interlocked.Increment(ref frames);
                        }
                    }
                }
            }
            catch (Exception e) when (e is IOException or HttpRequestException or ObjectDisposedException or OperationCanceledException)
            {
                // The gateway or the test has ended.
            }
        }
    }
}
