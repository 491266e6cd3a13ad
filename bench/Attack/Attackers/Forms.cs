using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace Counter.Attack.Attackers;

/// <summary>Attackers that post forms, each as soon as the last one is answered.</summary>
internal static partial class Forms
{
    private const string Row = "/react/like?site=attack.example&page=/forms";

    public static Task BeginTablesAsync(Target target, int number, Action<string> count, CancellationToken over) =>
        SendAsync(target, number, count, () => ("/play", Form()), over);

    public static async Task ClickAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        string table;
        using (var http = target.Http(number, HttpVersion.Version11))
        {
            using var form = Form();
            using var answer = await http.PostAsync("/play", form, over);
            table = answer.Headers.Location?.OriginalString ?? "/play/0123456789ab?seat=none";
        }

        var (path, seat) = (table.Split('?')[0], table.Split('=')[^1]);
        await SendAsync(target, number, count, () => (path, Form(("do", "0"), ("seat", seat))), over);
    }

    public static async Task VoteAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        string token;
        using (var http = target.Http(number, HttpVersion.Version11))
        {
            http.DefaultRequestHeaders.UserAgent.ParseAdd(Agent(number));
            token = Token().Match(await http.GetStringAsync("/embed" + Row, over)).Groups[1].Value;
        }

        await SendAsync(target, number, count, () => (Row, Form(("token", token), ("answer", "👍"))), over);
    }

    public static Task VoteWithoutTokenAsync(Target target, int number, Action<string> count, CancellationToken over) =>
        SendAsync(target, number, count, () => (Row, Form(("token", "none"), ("answer", "👍"))), over);

    public static Task SignInAsync(Target target, int number, Action<string> count, CancellationToken over) =>
        SendAsync(target, number, count, () => ("/sign-in", Form(("key", "counter_0123456789ab_" + new string('x', 43)))), over);

    /// <summary>Posts malformed and unusual forms.</summary>
    public static Task SendNoFormAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        var sent = number;
        return SendAsync(target, number, count, () => (Path(sent / 4), NoForm(sent++)), over);

        static string Path(int sent) => (sent % 3) switch { 0 => "/play", 1 => Row, _ => "/sign-in" };
    }

    private static async Task SendAsync(Target target, int number, Action<string> count, Func<(string Path, HttpContent Form)> next, CancellationToken over)
    {
        using var http = target.Http(number, HttpVersion.Version11);
        http.DefaultRequestHeaders.UserAgent.ParseAdd(Agent(number));
        while (true)
        {
            var (path, form) = next();
            using (form)
            {
                using var answer = await http.PostAsync(path, form, over);
                count(((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    private static string Agent(int number) => FormattableString.Invariant($"Mozilla/5.0 attack/{number}");

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    private static ByteArrayContent NoForm(int number)
    {
        var (type, text) = (number % 4) switch
        {
            0 => ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=do\r\n"),
            1 => ("application/x-www-form-urlencoded", string.Join('&', Enumerable.Range(0, 3000).Select(i => $"f{i}=x"))),
            2 => ("application/x-www-form-urlencoded; charset=utf-7", "do=%2BAGE-"),
            _ => ("application/x-www-form-urlencoded", "do=" + new string('x', 60_000)),
        };
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(text));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    [GeneratedRegex("name=\"token\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
