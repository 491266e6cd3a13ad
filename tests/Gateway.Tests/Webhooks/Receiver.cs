using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Counter.Gateway.Tests.Webhooks;

/// <summary>A message as it arrived.</summary>
public sealed record Received(string Id, string Timestamp, string Signature, string ContentType, byte[] Body)
{
    public JsonElement Json { get; } = JsonDocument.Parse(Body).RootElement;

    public string Type => Json.GetProperty("type").GetString()!;

    public int Viewers => Json.GetProperty("viewers").GetInt32();
}

/// <summary>A real HTTP server on a free loopback port that keeps what it is sent.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Received> messages = [];

    private Receiver(WebApplication app) => this.app = app;

    /// <summary>All that arrived.</summary>
    public IReadOnlyList<Received> Messages => [.. messages];

    /// <summary>How it answers.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = context => Status(context, 204);

    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/hook";

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new Receiver(builder.Build());
        receiver.app.Run(receiver.ReceiveAsync);
        await receiver.app.StartAsync();
        return receiver;
    }

    public static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        messages.Enqueue(new Received(
            Header("webhook-id"), Header("webhook-timestamp"), Header("webhook-signature"), context.Request.ContentType!, body.ToArray()));
        await Answer(context);

        string Header(string name) => context.Request.Headers[name].ToString();
    }
}
