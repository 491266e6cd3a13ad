using System.Net;
using Xunit;

namespace Counter.Gateway.Tests.Polls;

/// <summary>Polls in the admin API.</summary>
public sealed class PollApiTests : PollTest
{
    private const string Polls = "/sites/example.com/polls";
    private const string One = Polls + "/like?path=/a";

    [Fact]
    public async Task A_poll_is_created_changed_reset_and_deleted()
    {
        var made = await ReadAsync(HttpStatusCode.Created, "PUT", One, new { question = "Which?", answers = new[] { "X", "Y" } });
        var byId = $"{Polls}/{made.GetProperty("id").GetString()}";
        await ReadAsync((HttpStatusCode)428, "PUT", One, new { answers = new[] { "X" } });
        await ReadAsync(HttpStatusCode.PreconditionFailed, "PUT", One, new { answers = new[] { "X" } }, ifMatch: "\"1\"");

        // Whatever the address asks: what was defined holds. Votes do not change the ETag.
        using var before = await AskAsync("GET", byId);
        await CountAsync(Row, "Y");
        await CountAsync(Row, "Y", "two");
        await CountAsync(Row, "X", "three");
        Assert.Equal("1 2", await StillAsync(Row));
        await ReadAsync(
            HttpStatusCode.OK, "PUT", One, new { question = "Which?", answers = new[] { "Y", "Z" } }, ifMatch: before.Headers.ETag!.Tag);
        Assert.Equal("2 0", await StillAsync(Row));

        // Earlier voters keep their one vote; those whose answer was removed may choose again.
        await CountAsync(Row, "Z");
        await WrittenAsync("like 1 1");
        await CountAsync(Row, "Y", "two");
        await WrittenAsync("like 0 1");
        await CountAsync(Row, "Y", "three");
        await WrittenAsync("like 1 1");
        var history = await ReadAsync(HttpStatusCode.OK, "GET", byId + "/history");
        Assert.Equal("[1,1]", history.GetProperty("days")[0].GetProperty("votes").GetRawText());
        using var csv = await AskAsync("GET", byId + "/history?format=csv");
        Assert.Equal("text/csv", csv.Content.Headers.ContentType!.MediaType);
        Assert.Equal("day,\"Y\",\"Z\"\r\n2026-03-01,1,1\r\n", await csv.Content.ReadAsStringAsync(Cancelled));
        await ReadAsync(HttpStatusCode.BadRequest, "GET", byId + "/history?format=xml");
        await ReadAsync(HttpStatusCode.OK, "POST", byId + "/reset");
        await WrittenAsync("like 0 0");

        // After a reset everybody has a vote again, and takes nothing back.
        Assert.Equal(0, (await ReadAsync(HttpStatusCode.OK, "GET", byId + "/history")).GetProperty("days").GetArrayLength());
        await CountAsync(Row, "Y");
        await WrittenAsync("like 1 0");
        await ReadAsync(HttpStatusCode.NoContent, "DELETE", byId);
        await ReadAsync(HttpStatusCode.NotFound, "GET", byId);
        await ReadAsync(HttpStatusCode.NotFound, "DELETE", byId);
        Assert.Equal("", await VotesAsync());
        var log = Names(await ReadAsync(HttpStatusCode.OK, "GET", "/audit"), "what");
        Assert.Equal(["poll.delete", "poll.reset", "poll.change", "poll.create"], log.Where(what => what.StartsWith("poll", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Votes_of_a_deleted_poll_do_not_return()
    {
        await CountAsync(Row, "A");
        await CountAsync(Row, "A", "two");
        await WrittenAsync("like 2 0 0");
        var id = Assert.Single(Names(await ReadAsync(HttpStatusCode.OK, "GET", Polls), "id"));
        await ReadAsync(HttpStatusCode.NoContent, "DELETE", $"{Polls}/{id}");
        await CountAsync(Row, "A");
        await WrittenAsync("like 1 0 0");
    }

    [Theory]
    [InlineData("""{"answers":[]}""", "answers")]
    [InlineData("""{"answers":null}""", "answers")]
    [InlineData("""{"answers":[null]}""", "answers")]
    [InlineData("""{"answers":["A","A"]}""", "answers")]
    [InlineData("""{"answers":["A\u0000"]}""", "answers")]
    [InlineData("""{"answers":["A"],"question":"\u202e"}""", "question")]
    public async Task An_invalid_poll_is_refused_by_field(string json, string field)
    {
        var problem = await ReadAsync(HttpStatusCode.BadRequest, "PUT", One, json);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.GetRawText());
    }

    [Theory]
    [InlineData("PUT", Polls + "/like", 400)]
    [InlineData("PUT", Polls + "/LIKE?path=/a", 400)]
    [InlineData("GET", Polls + "/like", 404)]
    [InlineData("GET", Polls + "/like?path=/a", 404)]
    [InlineData("GET", Polls + "/like?path=", 400)]
    [InlineData("GET", "/sites/!/polls", 400)]
    [InlineData("POST", Polls + "/0123/reset", 404)]
    [InlineData("GET", Polls + "/0123/history", 404)]
    public async Task Wrong_calls_are_refused_with_the_reason(string method, string path, int status) =>
        await ReadAsync((HttpStatusCode)status, method, path, method == "PUT" ? new { answers = new[] { "A" } } : null);

    [Fact]
    public async Task A_read_key_cannot_change_polls_and_keys_of_other_sites_are_refused()
    {
        var (read, _) = await MakeKeyAsync("read", "example.com");
        var (manage, _) = await MakeKeyAsync("manage", "example.com");
        var (other, _) = await MakeKeyAsync("manage", "example.org");
        var body = new { answers = new[] { "A" } };
        await ReadAsync(HttpStatusCode.Forbidden, "PUT", One, body, read);
        await ReadAsync(HttpStatusCode.Forbidden, "PUT", One, body, other);
        await ReadAsync(HttpStatusCode.Unauthorized, "PUT", One, body, key: null);
        await ReadAsync(HttpStatusCode.Created, "PUT", One, body, manage);
        await ReadAsync(HttpStatusCode.OK, "GET", One, key: read);
        await ReadAsync(HttpStatusCode.Forbidden, "GET", One, key: other);
        await ReadAsync(HttpStatusCode.Forbidden, "DELETE", One, key: read);
        await ReadAsync(HttpStatusCode.Forbidden, "POST", Polls + "/like/reset?path=/a", key: other);
    }

    [Fact]
    public async Task Deleting_a_site_deletes_its_polls()
    {
        await CountAsync(Row, "A");
        await CountAsync(Tea, "Yes");
        await WrittenAsync("like 1 0 0, tea 1 0");
        await ReadAsync(HttpStatusCode.NoContent, "DELETE", "/sites/example.com");
        Assert.Equal("", await VotesAsync());
    }
}
