using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Counter.Gateway.Tests.Support;

namespace Counter.Gateway.Tests.Play;

/// <summary>People at a table, as their browsers ask.</summary>
internal static partial class PlayTest
{
    /// <summary>Begins a table.</summary>
    /// <returns>Its path, and the ticket of who began it.</returns>
    public static async Task<(string Path, string Ticket)> BeginAsync(RunningGateway gateway)
    {
        using var answer = await PostAsync(gateway, "/play");
        return ReadSeat(answer.Headers.Location);
    }

    /// <summary>Sits down.</summary>
    /// <returns>The ticket; null when there was no seat.</returns>
    public static async Task<string?> SitAsync(RunningGateway gateway, string path)
    {
        using var answer = await PostAsync(gateway, path, ("do", "sit"));
        return answer.Headers.Location!.OriginalString == path ? null : ReadSeat(answer.Headers.Location).Ticket;
    }

    /// <summary>Presses a square or a button.</summary>
    public static async Task<HttpStatusCode> ClickAsync(RunningGateway gateway, string path, string? ticket, string what)
    {
        using var answer = await PostAsync(gateway, path, ("do", what), ("seat", ticket ?? ""));
        return answer.StatusCode;
    }

    /// <summary>Sends a form, and follows nothing.</summary>
    public static Task<HttpResponseMessage> PostAsync(RunningGateway gateway, string path, params (string Name, string Value)[] fields) =>
        PostFromAsync(gateway, path, [], fields);

    /// <summary>Sends a form with headers.</summary>
    public static async Task<HttpResponseMessage> PostFromAsync(
        RunningGateway gateway, string path, (string Name, string Value)[] headers, params (string Name, string Value)[] fields)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = gateway.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(request);
    }

    /// <summary>What a table says to those who watch, or to a player who sees no picture.</summary>
    public static async Task<string> WordsAsync(RunningGateway gateway, string path, string? ticket = null) => WebUtility.HtmlDecode(
        Status().Match(await gateway.Http.GetStringAsync($"{path}?words=1{(ticket is null ? "" : "&seat=" + ticket)}")).Groups[1].Value);

    /// <summary>Opens the picture as a browser does.</summary>
    public static Task<RawClient> ViewAsync(RunningGateway gateway, string path, string? ticket = null, string agent = "somebody") => gateway.OpenAsync(
        $"{path}/board.svg{(ticket is null ? "" : "?seat=" + ticket)}", "User-Agent: Mozilla/5.0 " + agent, "Accept: image/*", "Sec-Fetch-Dest: image");

    /// <summary>Reads frames until one has a text in it.</summary>
    public static async Task<string> ReadUntilAsync(RunningGateway gateway, RawClient picture, string text)
    {
        while (true)
        {
            var reading = picture.ReadFrameAsync("image/svg+xml");
            var frame = Encoding.UTF8.GetString(await gateway.AdvanceUntilAsync(reading, text));
            if (frame.Contains(text, StringComparison.Ordinal))
            {
                return frame;
            }
        }
    }

    private static (string Path, string Ticket) ReadSeat(Uri? location)
    {
        var match = Seat().Match(location!.OriginalString);
        return match.Success ? (match.Groups[1].Value, match.Groups[2].Value) : throw new InvalidDataException(location.OriginalString);
    }

    [GeneratedRegex(@"\A(/play/[a-z0-9]{12})\?seat=([A-Za-z0-9_-]{22})\z")]
    private static partial Regex Seat();

    [GeneratedRegex("role=\"status\">([^<]*)<")]
    private static partial Regex Status();
}
