namespace Counter.Grains.Local;

/// <summary>The data directory cannot be used. The message tells the operator what to do.</summary>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="inner">The error of the operating system.</param>
internal sealed class DataDirectoryException(string message, Exception? inner = null) : IOException(message, inner);
