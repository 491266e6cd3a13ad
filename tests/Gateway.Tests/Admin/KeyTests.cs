using System.Net;
using Counter.Gateway.Admin;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Admin;

/// <summary>Keys are shown once and stored as hashes.</summary>
public sealed class KeyTests : AdminTest
{
    [Fact]
    public async Task A_key_is_shown_when_it_is_made_and_never_again()
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
    public async Task Who_manages_a_site_makes_and_revokes_its_keys_and_sees_no_others()
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
    [InlineData("""{"name":""", "name")]
    public async Task What_is_wrong_with_a_new_key_is_said_by_field(string body, string field)
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
    public async Task The_first_start_makes_a_key_that_the_next_start_knows_and_the_disk_does_not()
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
    public async Task The_key_may_be_the_first_line_of_a_file()
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
    public async Task A_configured_key_that_people_could_guess_stops_the_start()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => RunningGateway.StartAsync("--Admin:Key=swordfish"));
        Assert.Contains("at least 32", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", error.Message, StringComparison.Ordinal);
    }
}
