using Microsoft.Extensions.Logging;

namespace Counter.Grains.Local;

/// <summary>The data directory of a process. Only its owner may read it, and only one process may use it at a time.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream inUse;

    /// <summary>Opens the directory, and creates it if it is missing.</summary>
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
                $"The data directory {Path} cannot be written: let this process write to it, or set Data:Directory to another directory. ({e.Message})", e);
        }

        try
        {
            // The operating system releases the lock however the process ends. The empty file stays.
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

    /// <summary>Removes the rights of other users from the directory and from paths in it, which an older version may have created.</summary>
    public void Restrict(IEnumerable<string> paths, ILogger logger) => OwnerOnly.Restrict([Path, inUse.Name, .. paths], logger);

    /// <summary>Releases the lock, so that another process may use the directory.</summary>
    public void Dispose() => inUse.Dispose();
}
