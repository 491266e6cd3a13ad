using System.Net;
using Counter.Gateway.Documents;
using Counter.Gateway.Tests.Monitor;
using Xunit;

namespace Counter.Gateway.Tests.SitePages;

/// <summary>The form of a site's settings stores what the API stores.</summary>
public sealed class SettingsTests : SitePageTest
{
    private const string Settings = Address + "/settings";

    [Fact]
    public async Task The_operator_can_change_every_setting()
    {
        using var person = await Operator.SignInAsync(Gateway);
        (string, string)[] fields =
        [
            ("version", await VersionAsync(person, Settings)), ("public", "1"), ("identity", "cookie"), ("probes", "false"), ("proof", "referer"),
            ("look", "color=0a7a4c\r\nlabel={n} = here\r\n"), ("counting", "1"), ("hosts", "shop.mine.example\r\nWWW.Other.Example"), ("limits.pages", "100"),
        ];
        using var stored = await PostAsync(person, Settings, fields);
        Assert.Equal(HttpStatusCode.SeeOther, stored.StatusCode);
        Assert.Equal(Settings + "?stored=1", stored.Headers.Location?.ToString());
        Assert.Contains("site.create", await AuditAsync());
        var settings = (await ReadAsync(HttpStatusCode.OK, "GET", "/sites/" + Site)).GetProperty("settings");
        Assert.True(settings.GetProperty("public").GetBoolean());
        Assert.Equal("cookie", settings.GetProperty("identity").GetString());
        Assert.False(settings.GetProperty("probes").GetBoolean());
        Assert.Equal("referer", settings.GetProperty("proof").GetString());
        Assert.Equal("{n} = here", settings.GetProperty("look").GetProperty("label").GetString());
        Assert.Equal(["shop.mine.example", "other.example"], settings.GetProperty("hosts").EnumerateArray().Select(host => host.GetString()));
        Assert.Equal(100, settings.GetProperty("limits").GetProperty("pages").GetInt32());

        // The form of before is too old now.
        Assert.Contains("Somebody else changed this after you opened it.", await TextAsync(HttpStatusCode.PreconditionFailed, PostAsync(person, Settings, fields)), StringComparison.Ordinal);
        using var emptied = await PostAsync(person, Settings, ("version", await VersionAsync(person, Settings)), ("counting", "1"));
        settings = (await ReadAsync(HttpStatusCode.OK, "GET", "/sites/" + Site)).GetProperty("settings");
        Assert.Empty(settings.GetProperty("look").EnumerateObject());
        Assert.False(settings.GetProperty("public").GetBoolean());
    }

    [Fact]
    public async Task A_manager_can_change_all_settings_but_the_operator_s()
    {
        await ReadAsync(HttpStatusCode.Created, "PATCH", "/sites/" + Site, new { hosts = new[] { "shop.mine.example" }, limits = new { pages = 7 } });
        using var manager = await SignInAsync(KeyRole.Manage);
        Assert.DoesNotContain("name=\"hosts\"", await TextAsync(HttpStatusCode.OK, manager.GetAsync(Settings)), StringComparison.Ordinal);
        using var stored = await PostAsync(
            manager, Settings, ("version", await VersionAsync(manager, Settings)), ("public", "1"), ("hosts", "evil.example"), ("limits.pages", "999"));
        Assert.Equal(HttpStatusCode.SeeOther, stored.StatusCode);
        var settings = (await ReadAsync(HttpStatusCode.OK, "GET", "/sites/" + Site)).GetProperty("settings");
        Assert.True(settings.GetProperty("public").GetBoolean());
        Assert.True(settings.GetProperty("counting").GetBoolean());
        Assert.Equal("shop.mine.example", settings.GetProperty("hosts")[0].GetString());
        Assert.Equal(7, settings.GetProperty("limits").GetProperty("pages").GetInt32());
    }

    [Theory]
    [InlineData("look", "colour=red", "'colour' is not a parameter of a picture")]
    [InlineData("look", "size=huge", "look.size: ")]
    [InlineData("hosts", "mine.example", "mine.example is the site itself.")]
    [InlineData("limits.pages", "many", "A whole number from 1 to 10000000")]
    [InlineData("identity", "face", "identity: This value is not allowed")]
    public async Task Invalid_input_shows_the_form_again_with_the_problem(string field, string value, string sentence)
    {
        using var person = await Operator.SignInAsync(Gateway);
        var page = await TextAsync(HttpStatusCode.BadRequest, PostAsync(person, Settings, ("version", ""), (field, value)));
        Assert.Contains(sentence, page, StringComparison.Ordinal);
        if (field != "identity")
        {
            Assert.Contains(value, page, StringComparison.Ordinal);
            Assert.Contains("aria-invalid=\"true\"", page, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("site.create", await AuditAsync());
    }
}
