using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Counter.Counting.Webhooks;

namespace Counter.Gateway.Webhooks;

/// <summary>Sends one message and returns the outcome. It ignores the body of the receiver's answer.</summary>
internal sealed class WebhookSender : IDisposable
{
    /// <summary>How long a receiver may take to answer, including the lookup of its name.</summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private const int MostHeaderKilobytes = 16;
    private const string BrokenOff = "The receiver sent no valid HTTP answer, or closed the connection.";

    private readonly HttpClient http;
    private readonly TimeProvider clock;

    public WebhookSender(WebhookConnections connections, TimeProvider clock)
    {
        this.clock = clock;
        http = new HttpClient(
            new SocketsHttpHandler
            {
                ConnectCallback = connections.OpenAsync,

                // A proxy would connect for us, also to addresses that are forbidden here.
                UseProxy = false,
                AllowAutoRedirect = false,
                UseCookies = false,
                ActivityHeadersPropagator = null,
                MaxResponseHeadersLength = MostHeaderKilobytes,
                ResponseDrainTimeout = TimeSpan.Zero,

                // The request that waits for the connection gives up no later.
                ConnectTimeout = AnswerTimeout,

                // Messages are rare, and the address of every connection is checked for its message.
                PooledConnectionLifetime = TimeSpan.Zero,
            })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("Counter/" + CounterApp.Version);
    }

    /// <summary>Sends a message.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public async Task<Outcome> SendAsync(string site, Webhook hook, Delivery delivery, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(AnswerTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        try
        {
            using var request = Request(site, hook, delivery);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return Judge((int)response.StatusCode) with
            {
                RetryAfter = response.Headers.RetryAfter is { } asked ? asked.Delta ?? asked.Date - clock.GetUtcNow() : null,
            };
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return new Outcome(null, string.Create(CultureInfo.InvariantCulture, $"There was no answer within {AnswerTimeout.TotalSeconds} seconds."));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return new Outcome(null, Explain(e));
        }
    }

    public void Dispose() => http.Dispose();

    private HttpRequestMessage Request(string site, Webhook hook, Delivery delivery)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new Message(delivery.Type, site, delivery.Page, delivery.Viewers, delivery.Over, delivery.Under, delivery.At),
            JsonSerializerOptions.Web);
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
        return new HttpRequestMessage(HttpMethod.Post, hook.Url)
        {
            Content = new ByteArrayContent(body) { Headers = { { "Content-Type", "application/json" } } },
            Headers =
            {
                { "webhook-id", delivery.Id },
                { "webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture) },
                { "webhook-signature", Signature.Sign(hook.Secret, delivery.Id, timestamp, body) },
            },
        };
    }

    private static Outcome Judge(int status) => status switch
    {
        >= 200 and < 300 => new Outcome(status, null),
        >= 300 and < 400 => new Outcome(status, $"The answer was {status}. Redirects are not followed: change the url to the address that the redirect names."),
        StatusCodes.Status410Gone => new Outcome(status, "The answer was 410 Gone, so the webhook was switched off."),
        _ => new Outcome(status, $"The answer was {status}. Only 200 to 299 mean success."),
    };

    /// <summary>Explains a failure to people who manage a site, with nothing about the network of the gateway.</summary>
    private static string Explain(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case ForbiddenAddressException:
                    return "The url leads to an address that is not public, such as loopback or a private network. "
                        + "The operator can allow those: Webhooks:AllowPrivateAddresses=true.";
                case AuthenticationException:
                    return "The connection is not secure: the receiver's certificate is not valid for this host, or it does not speak TLS.";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery }:
                    return "The host of the url was not found.";
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return "Nothing listens at the url: the connection was refused.";
                case SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown }:
                    return BrokenOff;
                case SocketException:
                    return "The receiver could not be reached.";
            }
        }

        return BrokenOff;
    }

    /// <summary>The body of a message, as docs/webhooks.md describes it.</summary>
    private sealed record Message(string Type, string Site, string? Page, int Viewers, int Over, int Under, DateTimeOffset At);
}
