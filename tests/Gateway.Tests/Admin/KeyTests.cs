using System.Net;
using System.Net.Http.Json;
using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Gateway.Admin;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Documents;
using Counter.Gateway.Tests.Cluster;
using Counter.Gateway.Tests.Monitor;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Admin;

/// <summary>Keys are shown once and stored as hashes.</summary>
public sealed class KeyTests : AdminTest
{
    [Fact]
    public async Task A_key_is_shown_only_when_it_is_created()
    {
        var (key, id) = await MakeKeyAsync("manage", "Example.com");
        var list = await ReadAsync(HttpStatusCode.OK, "GET", "/keys");
        Assert.Equal([id], Names(list, "id"));
        Assert.Equal(["example.com"], Names(list, "scope"));
        Assert.StartsWith("operator (configuration-", Names(list, "createdBy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain(key.Split('_', 3)[2], list.ToString(), StringComparison.Ordinal);
        var audit = await ReadAsync(HttpStatusCode.OK, "GET", "/audit");
        Assert.Equal(["key.create"], Names(audit, "what"));
        Assert.DoesNotContain(key.Split('_', 3)[2], audit.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manager_creates_and_revokes_keys_of_the_site_only()
    {
        var (manage, manageId) = await MakeKeyAsync("manage", "example.com");
        var (_, otherId) = await MakeKeyAsync("manage", "other.example");
        var made = await ReadAsync(HttpStatusCode.Created, "POST", "/sites/example.com/keys", new { name = "widget", role = "read" }, manage);
        var list = await ReadAsync(HttpStatusCode.OK, "GET", "/sites/example.com/keys", key: manage);
        Assert.Equal(new[] { manageId, made.GetProperty("id").GetString()! }.Order(), Names(list, "id").Order());
        await ReadAsync(HttpStatusCode.NotFound, "DELETE", "/sites/example.com/keys/" + otherId, key: manage);
        await ReadAsync(HttpStatusCode.NoContent, "DELETE", "/sites/example.com/keys/" + made.GetProperty("id").GetString(), key: manage);
        await ReadAsync(HttpStatusCode.Unauthorized, "GET", "/sites/example.com", key: made.GetProperty("key").GetString());

        // A site's key makes neither an operator nor a key for another site.
        var problem = await ReadAsync(HttpStatusCode.BadRequest, "POST", "/sites/example.com/keys", new { name = "x", role = "operator" }, manage);
        Assert.True(problem.GetProperty("errors").TryGetProperty("role", out _));
        var sly = await ReadAsync(HttpStatusCode.Created, "POST", "/sites/example.com/keys", new { name = "x", role = "manage", site = "other.example" }, manage);
        Assert.Equal("example.com", sly.GetProperty("scope").GetString());
    }

    [Theory]
    [InlineData("""{"role":"read","site":"example.com"}""", "name")]
    [InlineData("""{"name":"a\u0000b","role":"operator"}""", "name")]
    [InlineData("""{"name":"a\u202Eb","role":"operator"}""", "name")]
    [InlineData("""{"name":"a\u2066b","role":"operator"}""", "name")]
    [InlineData("""{"name":"a\u200Fb","role":"operator"}""", "name")]
    [InlineData("""{"name":"a\u061Cb","role":"operator"}""", "name")]
    [InlineData("""{"name":"x"}""", "role")]
    [InlineData("""{"name":"x","role":"king"}""", "role")]
    [InlineData("""{"name":"x","role":"read"}""", "site")]
    [InlineData("""{"name":"x","role":"manage","site":"no host"}""", "site")]
    [InlineData("""{"name":"x","role":"publish","channel":"../cam"}""", "channel")]
    [InlineData("""{"name":"x","role":"operator","rank":1}""", "rank")]
    [InlineData("""{"name":"x","role":"operator","expiresAt":"soon"}""", "expiresAt")]
    [InlineData("""{"name":"x","role":"operator","expiresAt":1800000000}""", "expiresAt")]
    [InlineData("""{"name":"x","role":"operator","expiresAt":"2026-03-01T12:00:00Z"}""", "expiresAt")]
    [InlineData("""{"name":""", "name")]
    public async Task Invalid_values_of_a_new_key_are_reported_by_field(string body, string field)
    {
        var problem = await ReadAsync(HttpStatusCode.BadRequest, "POST", "/keys", body);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Fact]
    public async Task The_last_operator_key_cannot_be_revoked()
    {
        await using var gateway = await RunningGateway.StartAsync("--Admin:Key=");
        var key = gateway.App.Services.GetRequiredService<AdminMaintenance>().FirstKey!.Value;
        gateway.Http.DefaultRequestHeaders.Add("Authorization", "Bearer " + key);
        using var last = await gateway.Http.DeleteAsync("/api/v1/keys/" + key.Id, Cancelled);
        Assert.Equal(HttpStatusCode.Conflict, last.StatusCode);
    }

    [Fact]
    public async Task The_last_operator_key_without_an_expiry_cannot_be_revoked()
    {
        await using var gateway = await RunningGateway.StartAsync("--Admin:Key=");
        var key = gateway.App.Services.GetRequiredService<AdminMaintenance>().FirstKey!.Value;
        gateway.Http.DefaultRequestHeaders.Add("Authorization", "Bearer " + key);
        using var brief = await gateway.Http.PostAsJsonAsync("/api/v1/keys", new { name = "brief", role = "operator", expiresAt = "2027-01-01T00:00:00Z" }, Cancelled);
        Assert.Equal(HttpStatusCode.Created, brief.StatusCode);
        using var refused = await gateway.Http.DeleteAsync("/api/v1/keys/" + key.Id, Cancelled);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        using var lasting = await gateway.Http.PostAsJsonAsync("/api/v1/keys", new { name = "lasting", role = "operator" }, Cancelled);
        using var revoked = await gateway.Http.DeleteAsync("/api/v1/keys/" + key.Id, Cancelled);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
    }

    [Fact]
    public async Task An_expired_key_is_refused_and_does_not_count_as_a_guess()
    {
        var (key, id) = await MakeKeyAsync("read", "example.com", expiresAt: Gateway.Clock.GetUtcNow() + TimeSpan.FromHours(1));
        Gateway.Clock.Jump(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        await ReadAsync(HttpStatusCode.OK, "GET", "/sites/example.com/pages", key: key);
        Gateway.Clock.Jump(TimeSpan.FromTicks(1));
        for (var i = 0; i < 2 * FailedKeyLimit.Burst; i++)
        {
            var problem = await ReadAsync(HttpStatusCode.Unauthorized, "GET", "/sites/example.com/pages", key: key);
            Assert.Contains("has expired", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        // With another secret it is as unknown as any other.
        var wrong = await ReadAsync(HttpStatusCode.Unauthorized, "GET", "/sites/example.com/pages", key: key[..^1] + (key[^1] == 'A' ? 'Q' : 'A'));
        Assert.DoesNotContain("expired", wrong.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(["2026-03-01T13:00:00+00:00"], Names(await ReadAsync(HttpStatusCode.OK, "GET", "/keys"), "expiresAt"));
        await ReadAsync(HttpStatusCode.NoContent, "DELETE", "/keys/" + id);
    }

    [Fact]
    public async Task A_key_cannot_create_one_that_expires_later()
    {
        var ends = Gateway.Clock.GetUtcNow() + TimeSpan.FromDays(7);
        var (manage, _) = await MakeKeyAsync("manage", "example.com", expiresAt: ends);
        foreach (var sly in new DateTimeOffset?[] { null, ends.AddSeconds(1) })
        {
            var problem = await ReadAsync(HttpStatusCode.BadRequest, "POST", "/sites/example.com/keys", new { name = "x", role = "read", expiresAt = sly }, manage);
            Assert.Contains("2026-03-08 12:00:00Z at the latest", problem.GetProperty("errors").GetProperty("expiresAt")[0].GetString(), StringComparison.Ordinal);
        }

        await ReadAsync(HttpStatusCode.Created, "POST", "/sites/example.com/keys", new { name = "x", role = "read", expiresAt = ends.ToOffset(TimeSpan.FromHours(9)) }, manage);
    }

    [Fact]
    public async Task The_day_of_last_use_is_listed_and_stored_once_a_day()
    {
        await using var group = await GatewayGroup.StartAsync(2);
        var documents = group[0].App.Services.GetRequiredService<ICluster>().Documents;
        var (key, id) = await TestKeys.MakeAsync(group[0], KeyRole.Manage, "example.com");
        var (_, never) = await TestKeys.MakeAsync(group[0], KeyRole.Manage, "example.com");
        Assert.Null((await ReadKeyAsync(id)).LastUsedOn);
        foreach (var day in new[] { new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 2) })
        {
            var before = await ReadVersionAsync();
            for (var round = 0; round < 2; round++)
            {
                await Task.WhenAll(Enumerable.Range(0, 20).Select(i => UseAsync(group[i % 2])));
                await Wait.UntilAsync(async () => (await ReadKeyAsync(id)).LastUsedOn == day, "the day to be written");
            }

            Assert.Equal(before + 1, await ReadVersionAsync());
            group.Clock.Jump(TimeSpan.FromDays(1));
        }

        Assert.Null((await ReadKeyAsync(never)).LastUsedOn);

        async Task UseAsync(RunningGateway gateway)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/sites/example.com/keys") { Headers = { Authorization = new("Bearer", key) } };
            using var answer = await gateway.Http.SendAsync(request, Cancelled);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        async Task<KeyRecord> ReadKeyAsync(string id) => (await documents.FindAsync<KeyRecord>(DocumentKind.Key, id, Cancelled))!.Value;

        async Task<long> ReadVersionAsync() => (await documents.ChangesAsync(DocumentKind.Key, 0, Cancelled)).Version;
    }

    [Fact]
    public async Task The_first_start_creates_a_key_and_stores_only_its_hash()
    {
        var data = Directory.CreateTempSubdirectory("counter-test-");
        try
        {
            string key;
            await using (var gateway = await RunningGateway.StartAsync("--Admin:Key=", "--Data:Directory=" + data.FullName))
            {
                key = gateway.App.Services.GetRequiredService<AdminMaintenance>().FirstKey!.Value.ToString();
            }

            await using (var gateway = await RunningGateway.StartAsync("--Admin:Key=", "--Data:Directory=" + data.FullName))
            {
                Assert.Null(gateway.App.Services.GetRequiredService<AdminMaintenance>().FirstKey);
                gateway.Http.DefaultRequestHeaders.Add("Authorization", "Bearer " + key);
                using var answer = await gateway.Http.GetAsync("/api/v1/totals", Cancelled);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }

            var kept = StoredText.All(data.FullName);
            Assert.Contains(key.Split('_', 3)[1], kept, StringComparison.Ordinal);
            Assert.DoesNotContain(key.Split('_', 3)[2], kept, StringComparison.Ordinal);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_operator_key_may_be_the_first_line_of_a_file()
    {
        var file = Path.GetTempFileName();
        try
        {
            const string Key = "a-key-that-nobody-can-guess-in-a-file";
            await File.WriteAllTextAsync(file, Key + " \r\nand what it is for\n", Cancelled);
            await using var gateway = await RunningGateway.StartAsync("--Admin:Key=", "--Admin:KeyFile=" + file);
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/totals") { Headers = { Authorization = new("Bearer", Key) } };
            using var answer = await gateway.Http.SendAsync(request, Cancelled);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Null(gateway.App.Services.GetRequiredService<AdminMaintenance>().FirstKey);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_weak_configured_key_stops_the_start()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => RunningGateway.StartAsync("--Admin:Key=swordfish"));
        Assert.Contains("at least 32", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", error.Message, StringComparison.Ordinal);
    }
}
