using System.Net;
using System.Text.Json;
using Counter.Gateway.Admin;
using Counter.Gateway.Documents;
using Xunit;

namespace Counter.Gateway.Tests.Admin;

/// <summary>The audit log has the values before and after a change, and no secrets.</summary>
public sealed class AuditTests : AdminTest
{
    private const string Site = "/sites/example.com";

    [Fact]
    public async Task An_entry_has_the_changed_settings()
    {
        await ChangeAsync(HttpStatusCode.Created, "PUT", Site, new { hosts = new[] { "shop.example.com" }, look = new { color = "red", label = "Here: {n}" } });
        await ChangeAsync(HttpStatusCode.OK, "PATCH", Site, """{"counting":false,"hosts":[],"look":{"color":"green","size":"20"}}""");
        await ChangeAsync(HttpStatusCode.OK, "PATCH", Site, "{}");
        await ChangeAsync(HttpStatusCode.NoContent, "DELETE", Site);
        var entries = await ReadAuditAsync();
        Assert.Equal(["site.create", "site.change", "site.change", "site.delete"], entries.Select(e => e.What));
        Assert.Null(entries[0].Before);
        Assert.Equal("""{"color":"red","label":"Here: {n}"}""", entries[0].After!["look"]!.ToJsonString());
        Assert.Equal("""{"counting":true,"hosts":["shop.example.com"],"look":{"color":"red"}}""", entries[1].Before!.ToJsonString());
        Assert.Equal("""{"counting":false,"hosts":[],"look":{"color":"green","size":"20"}}""", entries[1].After!.ToJsonString());
        Assert.Equal((null, null), (entries[2].Before, entries[2].After));
        Assert.Equal("""{"label":"Here: {n}","color":"green","size":"20"}""", entries[3].Before!["look"]!.ToJsonString());
        Assert.Null(entries[3].After);
    }

    [Fact]
    public async Task An_entry_of_a_channel_or_poll_has_its_settings_and_no_votes()
    {
        await ChangeAsync(HttpStatusCode.Created, "PUT", "/channels/cam", new { notice = "Back at eight" });
        await ChangeAsync(HttpStatusCode.OK, "PUT", "/channels/cam", new { notice = "Back at nine" }, ifMatch: "*");
        await ChangeAsync(HttpStatusCode.NoContent, "DELETE", "/channels/cam");
        var poll = Site + "/polls/tea?path=/a";
        await ChangeAsync(HttpStatusCode.Created, "PUT", poll, new { question = "Tea?", answers = new[] { "Yes", "No" } });
        await ChangeAsync(HttpStatusCode.OK, "PUT", poll, new { question = "Tea?", answers = new[] { "Yes", "Never" } }, ifMatch: "*");
        await ChangeAsync(HttpStatusCode.OK, "POST", poll.Replace("tea", "tea/reset", StringComparison.Ordinal));
        await ChangeAsync(HttpStatusCode.NoContent, "DELETE", poll);
        Assert.Equal(
            [
                """channel.create  {"maxFrameBytes":null,"maxFramesPerSecond":null,"notice":"Back at eight","noticeAfterSeconds":10,"anyOrigin":false}""",
                """channel.change {"notice":"Back at eight"} {"notice":"Back at nine"}""",
                """channel.delete {"maxFrameBytes":null,"maxFramesPerSecond":null,"notice":"Back at nine","noticeAfterSeconds":10,"anyOrigin":false} """,
                """poll.create  {"question":"Tea?","answers":["Yes","No"],"closes":null,"results":"always"}""",
                """poll.change {"answers":["Yes","No"]} {"answers":["Yes","Never"]}""",
                "poll.reset  ",
                """poll.delete {"question":"Tea?","answers":["Yes","Never"],"closes":null,"results":"always"} """,
            ],
            (await ReadAuditAsync()).Select(e => $"{e.What} {e.Before?.ToJsonString()} {e.After?.ToJsonString()}"));
    }

    [Fact]
    public async Task No_entry_has_a_secret()
    {
        var (key, id) = await MakeKeyAsync("manage", "example.com", expiresAt: Gateway.Clock.GetUtcNow() + TimeSpan.FromDays(1));
        var hook = Site + "/webhooks/alerts";
        var made = await ChangeAsync(HttpStatusCode.Created, "PUT", hook, new { url = "https://hooks.example/T0/B0/s3cret?token=s3cret", over = 10 });
        await ChangeAsync(HttpStatusCode.OK, "PUT", hook, new { url = "https://hooks.example/T0/B0/s3cret2?token=s3cret", over = 10 }, ifMatch: "*");
        var rotated = await ChangeAsync(HttpStatusCode.OK, "POST", hook + "/rotate");
        await ChangeAsync(HttpStatusCode.NoContent, "DELETE", hook);
        await ChangeAsync(HttpStatusCode.NoContent, "DELETE", "/keys/" + id);
        var entries = await ReadAuditAsync();
        Assert.Equal(["key.create", "webhook.create", "webhook.change", "webhook.rotate", "webhook.delete", "key.revoke"], entries.Select(e => e.What));
        Assert.Equal("""{"name":"a test","role":"manage","scope":"example.com","expiresAt":"2026-03-02T12:00:00\u002B00:00"}""", entries[0].After!.ToJsonString());
        Assert.Equal(entries[0].After!.ToJsonString(), entries[5].Before!.ToJsonString());

        // Another path of the same host is another address.
        Assert.StartsWith("https://hooks.example/… (SHA-256 ", entries[2].Before!["url"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotEqual(entries[2].Before!["url"]!.GetValue<string>(), entries[2].After!["url"]!.GetValue<string>());
        var all = JsonSerializer.Serialize(entries);
        foreach (var secret in new[] { key.Split('_', 3)[2], "s3cret", "whsec_", made.GetProperty("secret").GetString()!, rotated.GetProperty("secret").GetString()! })
        {
            Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("hash", all, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Long_values_are_shortened()
    {
        var hosts = Enumerable.Range(0, 50).Select(i => $"{i}." + string.Join('.', Enumerable.Repeat(new string('x', 60), 3))).ToList();
        var look = new Dictionary<string, string> { ["label"] = string.Concat(Enumerable.Repeat("漢\"😀", 500)), ["color"] = "red" };
        var (before, after) = AuditValues.Compare(new SiteSettings { Hosts = hosts }, new SiteSettings { Hosts = hosts[1..], Look = look, Counting = false });
        Assert.InRange(Stored(before!) + Stored(after!), 100, AuditValues.Most);
        Assert.StartsWith("[\"0.xxx", before!["hosts"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.EndsWith("…", after!["hosts"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.False(after["counting"]!.GetValue<bool>());

        static int Stored(System.Text.Json.Nodes.JsonObject values) => values.ToJsonString(StoredDocuments.Json).Length;
    }

    /// <summary>Changes something at a time of its own, so that entries have an order.</summary>
    private async Task<JsonElement> ChangeAsync(HttpStatusCode status, string method, string path, object? body = null, string? ifMatch = null)
    {
        Gateway.Clock.Jump(TimeSpan.FromMilliseconds(1));
        return await ReadAsync(status, method, path, body, ifMatch: ifMatch);
    }

    /// <summary>The entries, oldest first.</summary>
    private async Task<IReadOnlyList<AuditEntry>> ReadAuditAsync() =>
        [.. (await ReadAsync(HttpStatusCode.OK, "GET", "/audit")).GetProperty("items").Deserialize<AuditEntry[]>(StoredDocuments.Json)!.Reverse()];
}
