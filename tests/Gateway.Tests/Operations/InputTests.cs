using System.Net;
using System.Text;
using Counter.Gateway.Tests.Monitor;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>An invalid body or query is never a 5xx, and no error in the log.</summary>
public sealed class InputTests : IAsyncLifetime
{
    private const string Urlencoded = "application/x-www-form-urlencoded";
    private const string Multipart = "multipart/form-data; boundary=x";
    private const string Json = "application/json";

    private static readonly (string Type, string Body)[] Bodies =
    [
        (Urlencoded, string.Join('&', Enumerable.Range(0, 2000).Select(i => $"a{i}=1"))),
        (Urlencoded, new string('a', 5000) + "=1"),
        (Urlencoded, "do=" + new string('a', 60_000)),
        (Urlencoded, "do=%00&answer=%00&key=%00"),
        (Urlencoded, "do=%ff%fe&answer=%ed%a0%80&key=%"),
        (Urlencoded + "; charset=utf-7", "do=sit&answer=Yes&key=a"),
        (Urlencoded + "; charset=bogus", "do=sit&answer=Yes&key=a"),
        (Multipart, "--x\r\nbroken"),
        (Multipart, "--x\r\nContent-Disposition: form-data; name=\"do\"\r\n\r\nsi"),
        (Multipart, "--x\r\nContent-Disposition: form-data; name=\"do\"\r\nContent-Type: text/plain; charset=utf-7\r\n\r\nsit\r\n--x--\r\n"),
        ("multipart/form-data", "--x"),
        ("multipart/form-data; boundary=" + new string('y', 300), "--y"),
        ("multipart/x-mixed-replace; boundary=x", "--x\r\nContent-Length: -1\r\n\r\nabc"),
        (Json, "{"),
        (Json, ""),
        (Json, "null"),
        (Json, "[]"),
        (Json, new string('[', 200)),
        (Json, """{"name":"\u0000","role":"operator","url":"\u0000","notice":"\u0000","question":"\u0000"}"""),
        (Json, """{"name":"\ud800","role":"operator","url":"\ud800","notice":"\ud800","question":"\ud800"}"""),
        (Json, "\"" + new string('a', 70_000) + "\""),
        (Json + "; charset=bogus", "{}"),
        (Json + "; charset=utf-7", "{}"),
        (";;;", "x"),
        ("image/jpeg", "x"),
    ];

    private static readonly string[] Queries =
    [
        "contains=%00", "cursor=%00", "cursor=MSAAYQ", "cursor=%25", "path=%00", "%00=1", "site=%00&page=%00", "limit=99999999999999999999&n=-1&stale=%00",
        "contains=%ff%fe&page=%ed%a0%80&label=%ff", "sort=x&step=x&from=x&to=x&format=x&history=x&count=x&range=x&width=x", "page=/a&" + new string('a', 7000), "a&a&a=&=&&=a&%",
        "site=example.com&page=/a&explain=1&options=%00&question=%00&seat=%00&visit=%00",
    ];

    private static readonly string[] BrokenChunks = ["zz\r\nhello\r\n0\r\n\r\n", "5\r\nhelloworld\r\n", "FFFFFFFFFFFFFFFFF\r\n"];

    private readonly LogRecorder log = new();
    private RunningGateway gateway = null!;
    private Operator person = null!;
    private string table = "";

    public async ValueTask InitializeAsync()
    {
        gateway = await RunningGateway.StartAsync(log);
        person = await Operator.SignInAsync(gateway);
        using var begun = await person.SendAsync(HttpMethod.Post, "/play", []);
        table = begun.Headers.Location!.OriginalString["/play/".Length..].Split('?')[0];
    }

    public async ValueTask DisposeAsync()
    {
        person.Dispose();
        await gateway.DisposeAsync();
        log.Dispose();
    }

    [Fact]
    public async Task No_body_or_query_causes_a_server_error()
    {
        var doors = Doors.Of(gateway, table);
        Assert.True(doors.Count >= 70, $"Only {doors.Count} endpoints were found.");
        var answers = new Dictionary<HttpStatusCode, int>();
        foreach (var (method, path) in doors)
        {
            // One that takes bodies is asked with all of them; any is asked with all queries.
            var requests = Bodies.Where(_ => method is not ("GET" or "HEAD")).Select(body => Make(method, path, "site=example.com&page=/a&options=Yes,No", body))
                .Concat(Queries.Select(query => Make(method, path, query, null))).ToList();
            var asking = requests.Select(request => person.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken)).ToList();
            await gateway.AdvanceUntilAsync(() => asking.TrueForAll(task => task.IsCompleted), $"the answers of {method} {path}");
            foreach (var (request, task) in requests.Zip(asking))
            {
                using var answer = await AnswerAsync(request, task);
                answers[answer.StatusCode] = answers.GetValueOrDefault(answer.StatusCode) + 1;
                var text = answer.StatusCode >= HttpStatusCode.InternalServerError ? await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken) : "";
                Assert.True(answer.StatusCode < HttpStatusCode.InternalServerError, $"{request.Method} {request.RequestUri} {request.Content?.Headers.ContentType}: {(int)answer.StatusCode} {text}");
                Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
                request.Dispose();
            }
        }

        // Their keys and sessions were good: what was refused was what they sent.
        Assert.True(answers[HttpStatusCode.BadRequest] > 200 && answers[HttpStatusCode.UnsupportedMediaType] > 50, string.Join(' ', answers));
        Assert.True(answers.GetValueOrDefault(HttpStatusCode.Unauthorized) < 50, string.Join(' ', answers));
        AssertNoErrors();
    }

    [Fact]
    public async Task No_broken_chunk_causes_a_server_error()
    {
        foreach (var (method, path) in Doors.Of(gateway, table).Where(door => door.Method is not ("GET" or "HEAD")))
        {
            foreach (var body in BrokenChunks)
            {
                foreach (var type in new[] { Urlencoded, Multipart, Json, "image/jpeg" })
                {
                    using var client = await RawClient.SendAsync(gateway.Address, $"""
                        {method} {path}?site=example.com&page=/a&options=Yes,No HTTP/1.1
                        Host: {gateway.Address.Authority}
                        Authorization: Bearer {RunningGateway.OperatorKey}
                        Cookie: {person.Cookie}
                        Content-Type: {type}
                        Transfer-Encoding: chunked

                        {body}
                        """.ReplaceLineEndings("\r\n"));
                    Assert.True(client.Status < 500, $"{method} {path} {type} {body}: {client.Head}");
                }
            }
        }

        AssertNoErrors();
    }

    [Theory]
    [InlineData("/play/{table}", Urlencoded + "; charset=utf-7", "do=sit", 415)]
    [InlineData("/sign-in", Urlencoded + "; charset=utf-7", "key=a", 415)]
    [InlineData("/react/like?site=example.com&page=/a", Urlencoded + "; charset=utf-7", "answer=a", 415)]
    [InlineData("/api/v1/keys", Json + "; charset=bogus", "{}", 415)]
    [InlineData("/play/{table}", Multipart, "--x\r\nbroken", 400)]
    [InlineData("/play/{table}", Urlencoded, "a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1", 400)]
    [InlineData("/sign-in", Multipart, "--x\r\nbroken", 400)]
    [InlineData("/react/like?site=example.com&page=/a", Multipart, "--x\r\nbroken", 400)]
    [InlineData("/api/v1/sites/example.com/reset?a=%00", Json, "{}", 400)]
    public async Task Invalid_input_is_refused_with_problem_details(string path, string type, string body, int status)
    {
        using var request = Make("POST", path.Replace("{table}", table, StringComparison.Ordinal), "", (type, body));
        using var answer = await person.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("\"detail\":", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_closed_for_an_unread_body_is_announced()
    {
        using var request = Make("POST", "/sign-out", "", ("image/jpeg", new string('a', 70_000)));
        using var answer = await person.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(answer.Headers.ConnectionClose);
    }

    private static async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, Task<HttpResponseMessage> answer)
    {
        try
        {
            return await answer;
        }
        catch (HttpRequestException e)
        {
            throw new InvalidOperationException($"{request.Method} {request.RequestUri} {request.Content?.Headers.ContentType} was not answered.", e);
        }
    }

    private HttpRequestMessage Make(string method, string path, string query, (string Type, string Body)? body)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), query.Length == 0 ? path : path + "?" + query);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + RunningGateway.OperatorKey);
        request.Headers.TryAddWithoutValidation("Cookie", person.Cookie);
        if (body is { } sent)
        {
            request.Content = new ByteArrayContent(Encoding.Latin1.GetBytes(sent.Body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", sent.Type);
        }

        return request;
    }

    private void AssertNoErrors() =>
        Assert.Empty(log.Lines.Where(line => line.Level is LogLevel.Error or LogLevel.Critical).Select(line => line.Text));
}
