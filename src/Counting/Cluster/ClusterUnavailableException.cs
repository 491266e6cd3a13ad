namespace Counter.Counting.Cluster;

/// <summary>The cluster cannot be reached now. The reason is already logged. The caller can try again later.</summary>
public sealed class ClusterUnavailableException : IOException
{
    /// <param name="message">Names what does not answer.</param>
    /// <param name="innerException">The cause.</param>
    public ClusterUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
