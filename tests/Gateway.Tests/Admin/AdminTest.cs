using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Admin;

/// <summary>A gateway and what it takes to ask its admin API.</summary>
public abstract class AdminTest(params string[] settings) : IAsyncLifetime
{
    protected RunningGateway Gateway { get; private set; } = null!;

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Gateway = await RunningGateway.StartAsync(settings);

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Asks with a key; by default with the operator's.</summary>
    protected async Task<HttpResponseMessage> AskAsync(
        string method, string path, object? body = null, string? key = RunningGateway.OperatorKey, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1" + path);
        request.Content = body switch
        {
            null => null,
            string text => new StringContent(text, new MediaTypeHeaderValue("application/json")),
            _ => JsonContent.Create(body),
        };
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return await Gateway.Http.SendAsync(request, Cancelled);
    }

    /// <summary>Asks, and reads what the answer says; it has to have the status.</summary>
    protected async Task<JsonElement> ReadAsync(
        HttpStatusCode status, string method, string path, object? body = null, string? key = RunningGateway.OperatorKey, string? ifMatch = null)
    {
        using var answer = await AskAsync(method, path, body, key, ifMatch);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.True(status == answer.StatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        if ((int)status >= 400)
        {
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }

        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone();
    }

    /// <summary>Makes a key and returns it with its id.</summary>
    protected async Task<(string Key, string Id)> MakeKeyAsync(
        string role, string? site = null, string? channel = null, DateTimeOffset? expiresAt = null)
    {
        var made = await ReadAsync(HttpStatusCode.Created, "POST", "/keys", new { name = "a test", role, site, channel, expiresAt });
        return (made.GetProperty("key").GetString()!, made.GetProperty("id").GetString()!);
    }

    /// <summary>The items of a list, by one of their fields.</summary>
    protected static string[] Names(JsonElement list, string field) =>
        [.. list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty(field).ToString())];
}
