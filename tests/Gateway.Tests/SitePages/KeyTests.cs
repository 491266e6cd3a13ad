using System.Net;
using Counter.Gateway.Documents;
using Xunit;

namespace Counter.Gateway.Tests.SitePages;

/// <summary>The page of a site's keys.</summary>
public sealed class KeyTests : SitePageTest
{
    private const string Keys = Address + "/keys";

    [Fact]
    public async Task A_key_is_created_shown_once_and_revoked()
    {
        using var manager = await SignInAsync(KeyRole.Manage);
        var made = await TextAsync(HttpStatusCode.OK, PostAsync(manager, Keys, ("name", "For <me>"), ("role", "read"), ("expiresAt", "2999-01-31")));
        var key = Once(made);
        Assert.StartsWith("counter_", key, StringComparison.Ordinal);
        Assert.Contains("key.create", await AuditAsync());
        await ReadAsync(HttpStatusCode.OK, "GET", $"/sites/{Site}/pages", key: key);
        var list = await TextAsync(HttpStatusCode.OK, manager.GetAsync(Keys));
        Assert.Contains("For <me>", list, StringComparison.Ordinal);
        Assert.Contains("2999-01-31 00:00", list, StringComparison.Ordinal);
        Assert.DoesNotContain(key, list, StringComparison.Ordinal);

        using var revoked = await PostAsync(manager, $"{Keys}/{key.Split('_')[1]}/revoke");
        Assert.Equal((HttpStatusCode.SeeOther, Keys), (revoked.StatusCode, revoked.Headers.Location?.ToString()));
        Assert.Contains("key.revoke", await AuditAsync());
        await ReadAsync(HttpStatusCode.Unauthorized, "GET", $"/sites/{Site}/pages", key: key);
    }

    [Theory]
    [InlineData("", "read", "", "1 to 80 characters")]
    [InlineData("x", "", "", "read or manage.")]
    [InlineData("x", "operator", "", "read or manage.")]
    [InlineData("x", "king", "", "role: This value is not allowed")]
    [InlineData("x", "read", "someday", "expiresAt: This value is not allowed")]
    [InlineData("x", "read", "2001-01-01", "expiresAt: ")]
    public async Task Invalid_input_shows_the_form_again_with_the_problem(string name, string role, string expiry, string sentence)
    {
        using var manager = await SignInAsync(KeyRole.Manage);
        var page = await TextAsync(HttpStatusCode.BadRequest, PostAsync(manager, Keys, ("name", name), ("role", role), ("expiresAt", expiry)));
        Assert.Contains(sentence, page, StringComparison.Ordinal);
        Assert.Empty(Once(page));
    }

    [Fact]
    public async Task Keys_of_other_sites_cannot_be_revoked()
    {
        var (key, id) = await MakeKeyAsync("read", "other.example");
        using var manager = await SignInAsync(KeyRole.Manage);
        Assert.Contains("There is no such key", await TextAsync(HttpStatusCode.NotFound, PostAsync(manager, $"{Keys}/{id}/revoke")), StringComparison.Ordinal);
        await ReadAsync(HttpStatusCode.OK, "GET", "/sites/other.example/pages", key: key);
    }
}
