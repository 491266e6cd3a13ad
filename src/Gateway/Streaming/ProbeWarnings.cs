namespace Counter.Gateway.Streaming;

/// <summary>Says in the log when the probes of a browser version do not work any more, and when they do again.</summary>
internal sealed partial class ProbeWarnings(ILogger log)
{
    /// <summary>It is known now whether a version's probes work.</summary>
    public void Judge(string browser, bool works)
    {
        if (works)
        {
            LogWorks(browser);
        }
        else
        {
            LogGivenUp(browser);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Probes of {Browser} do not work: more than a fifth of the pages that were probably left stayed open "
        + "until the browser's cache ended. They count as left for 65 s until probes work again. Does a proxy change the bodies? Else try a larger Streaming:ProbeBytes.")]
    private partial void LogGivenUp(string browser);

    [LoggerMessage(Level = LogLevel.Information, Message = "Probes of {Browser} work again.")]
    private partial void LogWorks(string browser);
}
