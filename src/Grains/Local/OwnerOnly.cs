using Microsoft.Extensions.Logging;

namespace Counter.Grains.Local;

/// <summary>
/// Files and directories that only their owner may read. They contain the secrets of webhooks and the addresses of pages.
/// On Windows they inherit the rights of the directory that they are in.
/// </summary>
internal static partial class OwnerOnly
{
    private const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Folder = File | UnixFileMode.UserExecute;

    /// <summary>Creates a directory if it is missing.</summary>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, Folder);
        }
    }

    /// <summary>Opens a file. Only its owner may read a file that this creates.</summary>
    public static FileStream Open(string path, FileStreamOptions options)
    {
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = File;
        }

        return new FileStream(path, options);
    }

    /// <summary>Removes the rights of other users from existing files and directories, but not from shared directories (sticky, as /tmp).</summary>
    public static void Restrict(IEnumerable<string> paths, ILogger logger)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        (string Path, string Reason)? failed = null;
        foreach (var path in paths)
        {
            try
            {
                var mode = System.IO.File.GetUnixFileMode(path);
                if ((mode & ~Folder) != UnixFileMode.None && !mode.HasFlag(UnixFileMode.StickyBit))
                {
                    System.IO.File.SetUnixFileMode(path, mode & Folder);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                failed ??= (path, e.Message);
            }
        }

        if (failed is { } first)
        {
            LogOthersMayRead(logger, first.Path, first.Reason);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Other users of this machine may be able to read {Path}: its mode could not be changed. {Reason}")]
    private static partial void LogOthersMayRead(ILogger logger, string path, string reason);
}
