namespace Counter.Grains.Local;

/// <summary>The data directory cannot be used; the message is a sentence for the operator that says what to do.</summary>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="inner">What the operating system said.</param>
internal sealed class DataDirectoryException(string message, Exception? inner = null) : IOException(message, inner);
