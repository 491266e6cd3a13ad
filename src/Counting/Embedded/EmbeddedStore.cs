using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Counter.Counting.Totals;
using Microsoft.Extensions.Logging;

namespace Counter.Counting.Embedded;

/// <summary>
/// The data directory: one file per site, and a lock that keeps other processes out while this is open. One thread at a time.
/// </summary>
internal sealed class EmbeddedStore : IDisposable
{
    private readonly DataDirectory opened;
    private readonly string sites;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly HashSet<string> failing = [];

    /// <summary>Opens the directory, making it when it is not there.</summary>
    /// <exception cref="DataDirectoryException">It cannot be written, or another process uses it.</exception>
    public EmbeddedStore(string directory, TimeProvider clock, ILogger logger)
    {
        (this.clock, this.logger) = (clock, logger);
        opened = new DataDirectory(directory, "sites");
        sites = Path.Combine(opened.Path, "sites");

        // They may be from a version that left this to the umask.
        opened.Restrict([sites, .. Directory.EnumerateFiles(opened.Path, DocumentJournal.Name + "*"), .. Directory.EnumerateFiles(sites)], logger);
    }

    /// <summary>Reads every site. What is damaged is set aside, and the generation before it read instead.</summary>
    /// <param name="restore">Makes a site of what was stored; what it throws means that the file is damaged.</param>
    public IReadOnlyList<SiteCounter> Load(Func<SiteState, SiteCounter> restore)
    {
        var loaded = SiteFile.All(sites).ToList().Select(file => Load(file, restore)).OfType<SiteCounter>().ToList();
        logger.Loaded(loaded.Sum(s => s.PageCount), loaded.Count, opened.Path);
        return loaded;
    }

    /// <summary>Saves a site. A failure is logged, once until everything is saved again.</summary>
    /// <returns>The time it took, without waiting for the disk; null when it failed and is to be tried again.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever one site's save throws, counting and the other saves go on.")]
    public TimeSpan? Save(SiteState state)
    {
        try
        {
            var took = SiteFile.Of(sites, state.Site).Write(state, clock);
            if (failing.Remove(state.Site) && failing.Count == 0)
            {
                logger.SavesAgain();
            }

            return took;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (failing.Count == 0)
            {
                logger.CannotSave(state.Site, opened.Path, e.Message);
            }
            else
            {
                logger.CannotSaveEither(state.Site, e.Message);
            }

            failing.Add(state.Site);
            return null;
        }
    }

    /// <summary>Forgets a site. Where that fails it is read again at the next start, and forgotten again.</summary>
    public void Delete(string site)
    {
        try
        {
            SiteFile.Of(sites, site).Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.CannotSaveEither(site, e.Message);
        }
    }

    /// <summary>Lets other processes in.</summary>
    public void Dispose()
    {
        if (failing.Count > 0)
        {
            logger.Unsaved(failing.Count, opened.Path);
        }

        opened.Dispose();
    }

    private SiteCounter? Load(SiteFile file, Func<SiteState, SiteCounter> restore)
    {
        // Current is missing when the process ended between the two renames of a save; then the next generation is whole.
        var damaged = false;
        foreach (var generation in (string[])[file.Current, file.Next, file.Previous])
        {
            if (!File.Exists(generation))
            {
                continue;
            }

            if (TryRead(file, generation, restore, out var site, out var reason))
            {
                if (generation == file.Next)
                {
                    File.Move(file.Next, file.Current, overwrite: true);
                }

                if (damaged || generation == file.Previous)
                {
                    logger.Recovered(site.Site, generation);
                }

                return site;
            }

            if (generation == file.Next)
            {
                File.Delete(generation);
                logger.RemovedUnfinished(generation);
                continue;
            }

            damaged = true;
            SetAside(generation, reason);
        }

        if (damaged)
        {
            logger.NothingRecovered(file.Current);
        }

        return null;
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever reading a damaged file throws, the others are still good.")]
    private static bool TryRead(
        SiteFile file, string generation, Func<SiteState, SiteCounter> restore, [NotNullWhen(true)] out SiteCounter? site, out string reason)
    {
        try
        {
            var state = SiteFile.Read(generation);
            var named = SiteFile.Of(Path.GetDirectoryName(generation)!, state.Site).Current;
            (site, reason) = named == file.Current ? (restore(state), "") : (null, $"It is about {state.Site}, which belongs in {named}.");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            (site, reason) = (null, e.Message);
        }

        return site is not null;
    }

    private void SetAside(string file, string reason)
    {
        var aside = file + clock.GetUtcNow().ToString("'.damaged-'yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        try
        {
            File.Move(file, aside, overwrite: true);
            logger.SetAside(file, aside, reason);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LeftInPlace(file, reason, e.Message);
        }
    }
}
