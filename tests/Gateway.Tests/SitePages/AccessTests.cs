using System.Net;
using Counter.Gateway.Documents;
using Counter.Gateway.Tests.Monitor;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.SitePages;

/// <summary>Every page and form of a site with every kind of key.</summary>
public sealed class AccessTests : SitePageTest
{
    private static readonly string[] Readable = [Address, Address + "/history.csv"];

    [Fact]
    public async Task A_session_of_the_site_is_required()
    {
        using var nobody = new Operator(Gateway);
        using var stranger = await SignInAsync(KeyRole.Manage, "other.example");
        foreach (var (method, path) in Doors())
        {
            Assert.Equal((path, HttpStatusCode.Unauthorized), (path, await StatusAsync(nobody, method, path)));
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, await StatusAsync(stranger, method, path)));
        }

        Assert.DoesNotContain("site.create", await AuditAsync());
    }

    [Fact]
    public async Task Readers_can_read_and_managers_and_operators_can_change()
    {
        using var reader = await SignInAsync(KeyRole.Read);
        using var manager = await SignInAsync(KeyRole.Manage);
        using var person = await Operator.SignInAsync(Gateway);
        var doors = Doors();
        Assert.True(doors.Count >= 20, $"Only {doors.Count} endpoints were found.");
        foreach (var (method, path) in doors)
        {
            Assert.Equal((path, Readable.Contains(path) ? HttpStatusCode.OK : HttpStatusCode.Forbidden), (path, await StatusAsync(reader, method, path)));

            // Empty forms, and things that are not there: they pass the access check, and are refused later.
            foreach (var one in new[] { manager, person })
            {
                Assert.True(await StatusAsync(one, method, path) is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden), $"{method} {path}");
            }
        }
    }

    [Fact]
    public async Task A_public_site_can_be_read_by_all_and_changed_with_a_key_only()
    {
        await ReadAsync(HttpStatusCode.Created, "PATCH", "/sites/" + Site, new { @public = true });
        using var nobody = new Operator(Gateway);
        using var stranger = await SignInAsync(KeyRole.Manage, "other.example");
        foreach (var (method, path) in Doors())
        {
            var isReadable = Readable.Contains(path);
            Assert.Equal((path, isReadable ? HttpStatusCode.OK : HttpStatusCode.Unauthorized), (path, await StatusAsync(nobody, method, path)));
            Assert.Equal((path, isReadable ? HttpStatusCode.OK : HttpStatusCode.Forbidden), (path, await StatusAsync(stranger, method, path)));
        }

        // Who is no manager is not shown the way to what only managers see.
        var page = await TextAsync(HttpStatusCode.OK, nobody.GetAsync(Address));
        Assert.DoesNotContain(Address + "/keys", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/sign-out", page, StringComparison.Ordinal);
        await ReadAsync(HttpStatusCode.Unauthorized, "GET", "/sites/" + Site, key: null);
    }

    [Fact]
    public async Task The_list_of_sites_needs_the_operator_s_key()
    {
        await ReadAsync(HttpStatusCode.Created, "PATCH", "/sites/" + Site, new { @public = true });
        using var nobody = new Operator(Gateway);
        await TextAsync(HttpStatusCode.Unauthorized, nobody.GetAsync("/sites"));
        using var reader = await SignInAsync(KeyRole.Read);
        using var sent = await reader.GetAsync("/sites");
        Assert.Equal(Address, sent.Headers.Location?.ToString());
        using var person = await Operator.SignInAsync(Gateway);
        Assert.Contains($"<a href=\"{Address}\">", await TextAsync(HttpStatusCode.OK, person.GetAsync("/sites")), StringComparison.Ordinal);
        Assert.Contains("sort: viewers", await TextAsync(HttpStatusCode.BadRequest, person.GetAsync("/sites?sort=x")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_key_ends_its_session()
    {
        var (key, id) = await TestKeys.MakeAsync(Gateway, KeyRole.Read, Site);
        using var reader = await Operator.SignInAsync(Gateway, key);
        await TextAsync(HttpStatusCode.OK, reader.GetAsync(Address));
        await TestKeys.RevokeAsync(Gateway, id);
        await TextAsync(HttpStatusCode.Unauthorized, reader.GetAsync(Address));
    }

    [Fact]
    public async Task Forms_of_other_origins_are_refused()
    {
        using var manager = await SignInAsync(KeyRole.Manage);
        foreach (var (method, path) in Doors().Where(door => door.Method == "POST"))
        {
            foreach (var from in new[] { ("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site") })
            {
                using var answer = await manager.SendAsync(new HttpMethod(method), path, [], from);
                Assert.Equal((path, HttpStatusCode.Forbidden), (path, answer.StatusCode));
            }
        }
    }

    [Fact]
    public async Task Pages_have_no_script_and_may_not_be_stored()
    {
        using var manager = await SignInAsync(KeyRole.Manage);
        foreach (var path in new[] { "", "/settings", "/keys", "/webhooks" })
        {
            using var answer = await manager.GetAsync(Address + path);
            Assert.True(answer.Headers.CacheControl!.NoStore);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.StartsWith("default-src 'none'; img-src 'self'; style-src 'sha256-", policy, StringComparison.Ordinal);
            Assert.EndsWith("; form-action 'self'; base-uri 'none'; frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("script", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/sites/WWW.Mine.Example", HttpStatusCode.OK)]
    [InlineData("/sites/mine.example%2F..%2Fother.example", HttpStatusCode.BadRequest)]
    [InlineData("/sites/mine.example@other.example", HttpStatusCode.Forbidden)]
    public async Task Every_spelling_of_a_site_is_accepted(string path, HttpStatusCode status)
    {
        using var reader = await SignInAsync(KeyRole.Read);
        await TextAsync(status, reader.GetAsync(path));
    }

    private static async Task<HttpStatusCode> StatusAsync(Operator person, string method, string path)
    {
        using var answer = await person.SendAsync(new HttpMethod(method), path, method == "POST" ? [] : null);
        return answer.StatusCode;
    }

    /// <summary>Every endpoint below the page of a site.</summary>
    private List<(string Method, string Path)> Doors() =>
    [
        .. Gateway.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText?.StartsWith("/sites/{site}", StringComparison.Ordinal) is true)
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => (method, Fill(e.RoutePattern.RawText!)))),
    ];

    private static string Fill(string pattern) => pattern.TrimEnd('/')
        .Replace("{site}", Site, StringComparison.Ordinal)
        .Replace("{id}", "0123456789ab", StringComparison.Ordinal)
        .Replace("{name}", "hook", StringComparison.Ordinal);
}
