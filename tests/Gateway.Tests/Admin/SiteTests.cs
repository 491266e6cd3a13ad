using System.Net;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Admin;

/// <summary>The settings of sites over HTTP.</summary>
public sealed class SiteTests : AdminTest
{
    private const string Site = "/sites/example.com";

    [Fact]
    public async Task Stored_settings_are_returned_unchanged()
    {
        await ReadAsync(HttpStatusCode.NotFound, "GET", Site);
        await ReadAsync(HttpStatusCode.Created, "PUT", "/sites/WWW.Example.com:443", new
        {
            counting = true,
            hosts = new[] { "Shop.Example.com", "http://example.org/x" },
            identity = "cookie",
            probes = false,
            proof = "referer",
            limits = new { pages = 5 },
            look = new { color = "red", label = "Here: {n}" },
        });
        var read = await ReadAsync(HttpStatusCode.OK, "GET", Site);
        Assert.True(read.GetProperty("registered").GetBoolean());
        Assert.Equal(
            """{"counting":true,"hosts":["shop.example.com","example.org"],"identity":"cookie","probes":false,"proof":"referer","limits":{"pages":5,"streamsPerPage":null},"look":{"color":"red","label":"Here: {n}"},"public":false}""",
            read.GetProperty("settings").GetRawText());
        Assert.Equal(["example.com"], Names(await ReadAsync(HttpStatusCode.OK, "GET", "/sites"), "site"));
        var audit = await ReadAsync(HttpStatusCode.OK, "GET", "/audit");
        Assert.Equal(["site.create"], Names(audit, "what"));
        Assert.Equal(["example.com"], Names(audit, "subject"));
    }

    [Theory]
    [InlineData("", "body: Send a body of JSON")]
    [InlineData("null", "body: Send a body of JSON")]
    [InlineData("{", "body: This is not the JSON that this address accepts")]
    [InlineData("[]", "body: This is not the JSON that this address accepts")]
    [InlineData("""{"colour":"red"}""", "colour: This value is not allowed, or there is no such field")]
    [InlineData("""{"counting":"maybe"}""", "counting: This value is not allowed")]
    public async Task A_body_that_cannot_be_read_is_answered_with_what_to_send(string body, string expected)
    {
        var problem = await ReadAsync(HttpStatusCode.BadRequest, "PUT", Site, body);
        Assert.StartsWith(expected, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_answered_with_a_sentence()
    {
        var problem = await ReadAsync(HttpStatusCode.RequestEntityTooLarge, "PUT", Site, new string(' ', 70_000));
        Assert.StartsWith("The body is larger than", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_nothing_else()
    {
        await ReadAsync(HttpStatusCode.Created, "PUT", Site, new
        {
            hosts = new[] { "shop.example.com" },
            identity = "cookie",
            limits = new { pages = 5 },
            look = new { color = "red", label = "Here: {n}" },
        });
        var patched = await ReadAsync(HttpStatusCode.OK, "PATCH", Site, """{"counting":false,"identity":null,"look":{"color":null,"size":"20"}}""");
        Assert.Equal(
            """{"counting":false,"hosts":["shop.example.com"],"identity":null,"probes":null,"proof":"none","limits":{"pages":5,"streamsPerPage":null},"look":{"label":"Here: {n}","size":"20"},"public":false}""",
            patched.GetProperty("settings").GetRawText());

        // What comes of it is checked as what is put, and who asks may say which version it is meant for.
        await ReadAsync(HttpStatusCode.BadRequest, "PATCH", Site, """{"look":{"size":"huge"}}""");
        await ReadAsync(HttpStatusCode.BadRequest, "PATCH", Site, """{"colour":"red"}""");
        await ReadAsync(HttpStatusCode.BadRequest, "PATCH", Site, """{"counting":"maybe"}""");
        await ReadAsync(HttpStatusCode.BadRequest, "PATCH", Site, "[]");
        await ReadAsync(HttpStatusCode.PreconditionFailed, "PATCH", Site, "{}", ifMatch: "\"1\"");
        await ReadAsync(HttpStatusCode.Created, "PATCH", "/sites/new.example", """{"probes":false}""");
        Assert.Equal(["site.change", "site.create", "site.create"], Names(await ReadAsync(HttpStatusCode.OK, "GET", "/audit"), "what").Order());
    }

    [Fact]
    public async Task A_change_with_an_outdated_tag_is_refused()
    {
        using var made = await AskAsync("PUT", Site, new { look = new { color = "red" } });
        var tag = made.Headers.ETag!.ToString();
        await ReadAsync((HttpStatusCode)428, "PUT", Site, new { });
        using var mine = await AskAsync("PUT", Site, new { look = new { color = "green" } }, ifMatch: tag);
        Assert.Equal(HttpStatusCode.OK, mine.StatusCode);
        await ReadAsync(HttpStatusCode.PreconditionFailed, "PUT", Site, new { look = new { color = "blue" } }, ifMatch: tag);
        await ReadAsync(HttpStatusCode.OK, "PUT", Site, new { look = new { color = "gold" } }, ifMatch: mine.Headers.ETag!.ToString());
        await ReadAsync(HttpStatusCode.OK, "PUT", Site, new { look = new { color = "pink" } }, ifMatch: "*");
        await ReadAsync(HttpStatusCode.PreconditionFailed, "PUT", "/sites/new.example", new { }, ifMatch: "*");
        await ReadAsync(HttpStatusCode.PreconditionFailed, "DELETE", Site, ifMatch: tag);
    }

    [Fact]
    public async Task An_extra_host_of_a_site_cannot_be_a_site()
    {
        await ReadAsync(HttpStatusCode.Created, "PUT", Site, new { hosts = new[] { "shop.example.com" } });
        var problem = await ReadAsync(HttpStatusCode.Conflict, "PUT", "/sites/shop.example.com", new { });
        Assert.Contains("example.com", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_without_settings_has_no_tag()
    {
        using var viewer = await Gateway.ViewAsync("http://example.com/a");
        await Gateway.WaitForCountAsync("http://example.com/a", 1);
        HttpResponseMessage? seen = null;
        await Wait.UntilAsync(
            async () =>
            {
                seen?.Dispose();
                await Gateway.AdvanceForAsync(TimeSpan.FromSeconds(1));
                return (seen = await AskAsync("GET", Site)).StatusCode == HttpStatusCode.OK;
            },
            "the site to be listed");
        Assert.Null(seen!.Headers.ETag);
        seen.Dispose();
        await ReadAsync(HttpStatusCode.Created, "PUT", Site, new { });
        await ReadAsync(HttpStatusCode.PreconditionFailed, "PUT", Site, new { }, ifMatch: "W/\"1\"");
    }

    [Fact]
    public async Task Only_one_of_many_changes_of_a_version_succeeds()
    {
        using var made = await AskAsync("PUT", Site, new { });
        var tag = made.Headers.ETag!.ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => AskAsync("PUT", Site, new { look = new { size = $"{20 + i}" } }, ifMatch: tag)));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        Assert.Equal(19, answers.Count(a => a.StatusCode == HttpStatusCode.PreconditionFailed));
        Array.ForEach(answers, a => a.Dispose());
    }

    [Theory]
    [InlineData("""{"hosts":["a b"]}""", "hosts")]
    [InlineData("""{"hosts":["example.com"]}""", "hosts")]
    [InlineData("""{"hosts":["taken.example"]}""", "hosts")]
    [InlineData("""{"hosts":["owned.example"]}""", "hosts")]
    [InlineData("""{"hosts":[null]}""", "hosts")]
    [InlineData("""{"look":{"size":"900"}}""", "look.size")]
    [InlineData("""{"look":{"colour":"red"}}""", "look")]
    [InlineData("""{"look":{"size":"64","scale":"4","label":"WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"}}""", "look")]
    [InlineData("""{"limits":{"pages":0}}""", "limits.pages")]
    [InlineData("""{"limits":{"streamsPerPage":20001}}""", "limits.streamsPerPage")]
    [InlineData("""{"limits":{"pages":"many"}}""", "limits.pages")]
    [InlineData("""{"identity":"dna"}""", "identity")]
    [InlineData("""{"identity":1}""", "identity")]
    [InlineData("""{"proof":"maybe"}""", "proof")]
    [InlineData("""{"proof":null}""", "proof")]
    [InlineData("""{"proof":1}""", "proof")]
    [InlineData("""{"countign":true}""", "countign")]
    [InlineData("[]", "body")]
    public async Task Invalid_settings_are_reported_by_field_and_not_stored(string body, string field)
    {
        await ReadAsync(HttpStatusCode.Created, "PUT", "/sites/taken.example", new { hosts = new[] { "owned.example" } });
        var problem = await ReadAsync(HttpStatusCode.BadRequest, "PUT", Site, body);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
        await ReadAsync(HttpStatusCode.NotFound, "GET", Site);
    }

    [Fact]
    public async Task A_manager_changes_the_look_and_no_setting_of_the_operator()
    {
        await ReadAsync(HttpStatusCode.Created, "PUT", Site, new { limits = new { pages = 5 } });
        var (key, _) = await MakeKeyAsync("manage", "example.com");
        await ReadAsync(HttpStatusCode.OK, "PUT", Site, new { limits = new { pages = 5 }, look = new { color = "red" }, identity = "cookie" }, key, "*");
        foreach (var sly in new object[] { new { limits = new { pages = 6 } }, new { limits = new { pages = 5 }, hosts = new[] { "bank.example" } }, new { limits = new { pages = 5 }, counting = false } })
        {
            await ReadAsync(HttpStatusCode.Forbidden, "PUT", Site, sly, key, "*");
        }
    }

    [Fact]
    public async Task Deleting_a_site_deletes_its_keys_and_numbers()
    {
        using (var viewer = await Gateway.ViewAsync("http://example.com/a"))
        {
            await Gateway.WaitForCountAsync("http://example.com/a", 1);
        }

        await Gateway.WaitForCountAsync("http://example.com/a", 0);
        await Gateway.AdvanceForAsync(TimeSpan.FromSeconds(1));
        await ReadAsync(HttpStatusCode.Created, "PUT", Site, new { });
        var (key, _) = await MakeKeyAsync("manage", "example.com");
        var (other, _) = await MakeKeyAsync("read", "other.example");
        await ReadAsync(HttpStatusCode.NoContent, "DELETE", Site);
        await ReadAsync(HttpStatusCode.NotFound, "GET", Site);
        await ReadAsync(HttpStatusCode.Unauthorized, "GET", Site, key: key);
        await ReadAsync(HttpStatusCode.OK, "GET", "/sites/other.example/pages", key: other);
        Assert.Empty(Names(await ReadAsync(HttpStatusCode.OK, "GET", Site + "/pages"), "path"));
        await ReadAsync(HttpStatusCode.NotFound, "DELETE", Site);
    }

    [Theory]
    [InlineData("/sites/a%20b")]
    [InlineData("/sites/%E2%98%83..")]
    [InlineData("/sites/file:%2F%2Fx")]
    public async Task An_invalid_site_is_refused(string path) =>
        await ReadAsync(HttpStatusCode.BadRequest, "PUT", path, "{}");

    [Fact]
    public async Task A_body_of_a_megabyte_is_refused()
    {
        using var answer = await AskAsync("PUT", Site, "{\"look\":{\"label\":\"" + new string('x', 1_000_000) + "\"}}");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }
}
