using Counter.Counting.Cluster;
using Microsoft.Extensions.Logging;

namespace Counter.Grains.Client;

/// <summary>
/// Calls the silos. It logs once when they stop answering and once when they answer again, and replaces Orleans' exceptions by
/// <see cref="ClusterUnavailableException"/>.
/// </summary>
/// <param name="connect">Returns the client once it is connected, and null before.</param>
/// <param name="log">Logs when the silos stop answering and when they answer again.</param>
internal sealed partial class ClusterLink(Func<IClusterClient?> connect, ILogger log)
{
    private int isAway;

    /// <summary>The client; null until it is connected.</summary>
    public IClusterClient? Client => connect();

    /// <summary>Makes a call to the cluster.</summary>
    /// <exception cref="ClusterUnavailableException">The cluster does not answer.</exception>
    public async Task<T> AskAsync<T>(Func<IClusterClient, Task<T>> ask, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var answer = await ask(Client ?? throw new SiloUnavailableException("No silo has been reached yet.")).WaitAsync(cancellationToken);
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
                LogUnreachable(e.GetBaseException().Message);
            }

            throw new ClusterUnavailableException("The silos do not answer.", e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The silos do not answer ({Reason}). Streams continue with the last numbers; trying again.")]
    private partial void LogUnreachable(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The silos answer again.")]
    private partial void LogBack();
}
