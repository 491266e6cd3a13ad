using Microsoft.Extensions.Logging;

namespace Counter.Counting.Embedded;

/// <summary>What the store tells the operator.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(LogLevel.Information, "Loaded {Pages} pages of {Sites} sites from {Directory}.")]
    public static partial void Loaded(this ILogger logger, int pages, int sites, string directory);

    [LoggerMessage(LogLevel.Warning, "Other users of this machine may read {Path}, whose mode could not be changed: {Reason}")]
    public static partial void OthersMayRead(this ILogger logger, string path, string reason);

    [LoggerMessage(LogLevel.Warning, "{File} could not be read and was set aside as {Aside}: {Reason}")]
    public static partial void SetAside(this ILogger logger, string file, string aside, string reason);

    [LoggerMessage(LogLevel.Warning,
        "{File} could not be read and could not be set aside either; the next save replaces it. {Reason} Then: {SecondReason}")]
    public static partial void LeftInPlace(this ILogger logger, string file, string reason, string secondReason);

    [LoggerMessage(LogLevel.Warning, "The totals and history of {Site} come from {File}; what was counted after it was saved is lost.")]
    public static partial void Recovered(this ILogger logger, string site, string file);

    [LoggerMessage(LogLevel.Warning, "Nothing was recovered for {File}: the site it was about begins again at zero.")]
    public static partial void NothingRecovered(this ILogger logger, string file);

    [LoggerMessage(LogLevel.Information, "Removed {File}: the process ended while it was being written.")]
    public static partial void RemovedUnfinished(this ILogger logger, string file);

    [LoggerMessage(LogLevel.Information, "The last change in {File} was cut short when the process ended. It was never answered and is dropped.")]
    public static partial void DroppedUnanswered(this ILogger logger, string file);

    [LoggerMessage(LogLevel.Error,
        "The totals and history of {Site} could not be saved in {Directory}; they are kept in memory and saving is tried again. "
        + "Make room on the disk and see that the directory can be written. {Reason}")]
    public static partial void CannotSave(this ILogger logger, string site, string directory, string reason);

    [LoggerMessage(LogLevel.Debug, "{Site} could not be saved either: {Reason}")]
    public static partial void CannotSaveEither(this ILogger logger, string site, string reason);

    [LoggerMessage(LogLevel.Debug, "{File} could not be written anew and goes on growing: {Reason}")]
    public static partial void GoesOnGrowing(this ILogger logger, string file, string reason);

    [LoggerMessage(LogLevel.Information, "Saving works again: everything that could not be saved is.")]
    public static partial void SavesAgain(this ILogger logger);

    [LoggerMessage(LogLevel.Error, "Stopped with {Sites} sites unsaved in {Directory}: what was counted there since their last save is lost.")]
    public static partial void Unsaved(this ILogger logger, int sites, string directory);
}
