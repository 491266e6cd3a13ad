using System.Net;
using Counter.Gateway.Documents;
using Xunit;

namespace Counter.Gateway.Tests.SitePages;

/// <summary>The pages of a site's webhooks.</summary>
public sealed class WebhookTests : SitePageTest
{
    private const string Hooks = Address + "/webhooks";
    private const string Hook = Hooks + "/alerts";

    private static readonly (string, string)[] New =
        [("name", "alerts"), ("version", ""), ("url", "https://example.com/hook"), ("over", "100"), ("active", "1")];

    [Fact]
    public async Task A_webhook_is_created_changed_tested_rotated_and_deleted()
    {
        using var manager = await SignInAsync(KeyRole.Manage);
        var secret = Once(await TextAsync(HttpStatusCode.OK, PostAsync(manager, Hooks, New)));
        Assert.NotEmpty(secret);
        Assert.Contains("webhook.create", await AuditAsync());
        Assert.Contains($"<a href=\"{Hook}\">alerts</a>", await TextAsync(HttpStatusCode.OK, manager.GetAsync(Hooks)), StringComparison.Ordinal);

        using var changed = await PostAsync(manager, Hook, ("version", await VersionAsync(manager, Hook)), ("url", "http://127.0.0.1:1/"), ("over", "50"));
        Assert.Equal((HttpStatusCode.SeeOther, Hook), (changed.StatusCode, changed.Headers.Location?.ToString()));
        var stored = await ReadAsync(HttpStatusCode.OK, "GET", $"/sites/{Site}/webhooks/alerts");
        Assert.Equal((50, 40, false), (stored.GetProperty("over").GetInt32(), stored.GetProperty("under").GetInt32(), stored.GetProperty("active").GetBoolean()));

        using var tested = await PostAsync(manager, Hook + "/test");
        Assert.Equal(HttpStatusCode.SeeOther, tested.StatusCode);
        var page = await TextAsync(HttpStatusCode.OK, manager.GetAsync(Hook));
        Assert.Contains("viewers.test", page, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, page, StringComparison.Ordinal);
        Assert.Contains("Wait ten seconds.", await TextAsync(HttpStatusCode.TooManyRequests, PostAsync(manager, Hook + "/test")), StringComparison.Ordinal);

        var rotated = Once(await TextAsync(HttpStatusCode.OK, PostAsync(manager, Hook + "/rotate")));
        Assert.NotEmpty(rotated);
        Assert.NotEqual(secret, rotated);
        Assert.Contains("webhook.rotate", await AuditAsync());

        using var deleted = await PostAsync(manager, Hook + "/delete");
        Assert.Equal((HttpStatusCode.SeeOther, Hooks), (deleted.StatusCode, deleted.Headers.Location?.ToString()));
        Assert.Contains("There is no such webhook", await TextAsync(HttpStatusCode.NotFound, manager.GetAsync(Hook)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name", "No!", "name: ")]
    [InlineData("url", "ftp://example.com/", "An address such as https://example.com/hook")]
    [InlineData("over", "many", "A whole number from 1 to 1000000000.")]
    [InlineData("under", "101", "A whole number from 0 to over.")]
    [InlineData("under", "few", "A whole number from 0 to over.")]
    public async Task Invalid_input_shows_the_form_again_with_the_problem(string field, string value, string sentence)
    {
        using var manager = await SignInAsync(KeyRole.Manage);
        var page = await TextAsync(
            HttpStatusCode.BadRequest, PostAsync(manager, Hooks, [.. New.Where(one => one.Item1 != field), (field, value)]));
        Assert.Contains(sentence, page, StringComparison.Ordinal);
        Assert.Contains($"name=\"{field}\" value=\"{value}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("webhook.create", await AuditAsync());
    }

    [Fact]
    public async Task A_form_with_an_outdated_version_is_refused()
    {
        using var manager = await SignInAsync(KeyRole.Manage);
        await TextAsync(HttpStatusCode.OK, PostAsync(manager, Hooks, New));
        var old = await VersionAsync(manager, Hook);
        Assert.Contains("One of this name exists already. Choose another name.", await TextAsync(HttpStatusCode.PreconditionFailed, PostAsync(manager, Hooks, New)), StringComparison.Ordinal);
        await TextAsync(HttpStatusCode.OK, PostAsync(manager, Hook + "/rotate"));
        var late = await TextAsync(HttpStatusCode.PreconditionFailed, PostAsync(manager, Hook, ("version", old), ("url", "https://example.com/late"), ("over", "5")));
        Assert.Contains("https://example.com/late", late, StringComparison.Ordinal);
        Assert.Contains("Somebody else changed this after you opened it. Load this page again", late, StringComparison.Ordinal);
    }
}
