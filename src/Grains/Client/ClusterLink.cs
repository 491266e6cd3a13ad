using Counter.Counting.Cluster;
using Microsoft.Extensions.Logging;

namespace Counter.Grains.Client;

/// <summary>
/// The way to the silos. Says once that they do not answer and once that they do again, and turns what Orleans throws into what the
/// gateway knows.
/// </summary>
/// <param name="connect">The client once it is connected, and null before.</param>
/// <param name="log">Told when the silos do not answer, and when they do again.</param>
internal sealed partial class ClusterLink(Func<IClusterClient?> connect, ILogger log)
{
    private int isAway;

    /// <summary>The client; null while it has not been connected yet.</summary>
    public IClusterClient? Client => connect();

    /// <summary>Asks the cluster something.</summary>
    /// <exception cref="ClusterUnavailableException">It does not answer.</exception>
    public async Task<T> AskAsync<T>(Func<IClusterClient, Task<T>> ask, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var answer = await ask(Client ?? throw new SiloUnavailableException("No silo was reached yet.")).WaitAsync(cancellationToken);
            if (Interlocked.Exchange(ref isAway, 0) == 1)
            {
                LogBack();
            }

            return answer;
        }
        catch (Exception e) when (e is not (ArgumentException or IOException or OperationCanceledException))
        {
            if (Interlocked.Exchange(ref isAway, 1) == 0)
            {
                LogAway(e.GetBaseException().Message);
            }

            throw new ClusterUnavailableException("The silos do not answer.", e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The silos do not answer ({Reason}). Streams go on with the last numbers; trying again.")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The silos answer.")]
    private partial void LogBack();
}
