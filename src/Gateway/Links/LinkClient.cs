using System.Net;
using System.Security.Cryptography;
using System.Text;
using Counter.Counting.Cluster;

namespace Counter.Gateway.Links;

/// <summary>Another gateway is not what it should be. The message is for the operator.</summary>
internal sealed class LinkException(string message) : Exception(message);

/// <summary>Asks other gateways for what only gateways get.</summary>
internal sealed class LinkClient(LinkProof proof) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(3),
        MaxResponseHeadersLength = 16,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Asks a gateway, and makes sure that it is the one.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="path">What for.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <param name="content">What it is told; null when it is only asked.</param>
    /// <returns>The answer, whose body has not been read.</returns>
    /// <exception cref="LinkException">It refuses, or is another.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public async Task<HttpResponseMessage> AskAsync(
        GatewayState gateway, string path, CancellationToken cancellationToken, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(content is null ? HttpMethod.Get : HttpMethod.Post, new Uri(new Uri(gateway.Address), path))
        {
            Content = content,
        };
        var answer = await SendAsync(gateway, request, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            return answer;
        }

        using (answer)
        {
            throw new LinkException($"it answers {(int)answer.StatusCode}.");
        }
    }

    /// <summary>Sends a gateway any request, and makes sure that it is the one that answers.</summary>
    /// <returns>The answer, whatever its status, whose body has not been read.</returns>
    /// <exception cref="LinkException">It refuses to speak with this gateway, or is another.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public async Task<HttpResponseMessage> SendAsync(GatewayState gateway, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (ask, expected) = proof.Ask(gateway.Id, request.RequestUri!.AbsolutePath) ?? throw new LinkException("the cluster's secret is not known yet.");
        request.Headers.Add(LinkProof.Header, ask);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (answer.Headers.TryGetValues(LinkProof.Header, out var shown)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(string.Concat(shown)), Encoding.UTF8.GetBytes(expected)))
        {
            return answer;
        }

        using (answer)
        {
            throw new LinkException(answer.StatusCode == HttpStatusCode.OK
                ? "something else answers at its address (Cluster:Address)."
                : $"it answers {(int)answer.StatusCode}; it may have been restarted, or something else has its address (Cluster:Address).");
        }
    }

    public void Dispose() => http.Dispose();
}
