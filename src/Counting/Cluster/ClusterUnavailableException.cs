namespace Counter.Counting.Cluster;

/// <summary>The engine cannot be reached now, and has logged why. Trying again later makes sense; nobody needs to log it again.</summary>
public sealed class ClusterUnavailableException : IOException
{
    /// <param name="message">What does not answer.</param>
    /// <param name="innerException">Why.</param>
    public ClusterUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
