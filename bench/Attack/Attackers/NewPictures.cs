using System.Globalization;
using System.Net;

namespace Counter.Attack.Attackers;

/// <summary>Attackers that request large pictures that no cache has, each as soon as the last one has arrived.</summary>
internal static class NewPictures
{
    private static int asked;

    public static async Task AskAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        using var http = target.Http(number, HttpVersion.Version11);
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Address(number, Interlocked.Increment(ref asked)));
            request.Headers.Accept.ParseAdd("image/png");

            // The client leaves a stream as soon as it begins.
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, over);
            if (answer.Content.Headers.ContentType?.MediaType?.StartsWith("multipart", StringComparison.Ordinal) != true)
            {
                await answer.Content.LoadIntoBufferAsync(over);
            }

            count(((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture));
        }
    }

    private static string Address(int client, int picture) => FormattableString.Invariant((client % 4) switch
    {
        0 => (FormattableString)$"/preview.png?n={picture}&size=64&scale=4&label=Never {picture} seen",
        1 => $"/online.png?site=attack.example&page=/{client}&live=0&style=pill&size=64&scale=4&label=Never {picture} seen",
        2 => $"/online.png?site=attack.example&page=/{client}&size=64&scale=4&label=Never {picture} seen",
        _ => $"/online/chart.png?site=attack.example&page=/{client}&live=0&width=800&height=300&scale=2&label=Never {picture} seen",
    });
}
