using Microsoft.Extensions.Logging;

namespace Counter.Grains.Local;

/// <summary>The directory that a process on one machine keeps things in: its owner's only, and of one process at a time.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream inUse;

    /// <summary>Opens it, making it when it is not there.</summary>
    /// <exception cref="DataDirectoryException">It cannot be written, or another process uses it.</exception>
    public DataDirectory(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        try
        {
            OwnerOnly.CreateDirectory(Path);
            var probe = System.IO.Path.Combine(Path, "writable");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException(
                $"The data directory {Path} cannot be written: let this process write it, or set Data:Directory to one that it may. ({e.Message})", e);
        }

        try
        {
            // The operating system gives the lock back however the process ends; the empty file stays.
            inUse = OwnerOnly.Open(
                System.IO.Path.Combine(Path, "in-use"), new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException(
                $"The data directory {Path} is in use by another process: stop that one, or set Data:Directory to another directory. ({e.Message})", e);
        }
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>Takes everybody else's rights from it and from files and folders in it, which may be from before it was this careful.</summary>
    public void Restrict(IEnumerable<string> paths, ILogger logger) => OwnerOnly.Restrict([Path, inUse.Name, .. paths], logger);

    /// <summary>Lets other processes in.</summary>
    public void Dispose() => inUse.Dispose();
}
