using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>The open streams of one site at this gateway, and the changes that its presence has not been sent. Safe for concurrent use.</summary>
/// <remarks>
/// One batch is under way at a time. A batch that is not answered is sent again with the same number. If too many changes wait, as after
/// an hour without silos, a snapshot replaces them. Of the streams that opened and closed meanwhile only some are counted then.
/// </remarks>
public sealed partial class SiteStreams
{
    // More changes than this are larger than a snapshot, or nearly as large.
    private const int MostWaiting = 4000;

    private readonly string gateway;
    private readonly Func<long> next;
    private readonly TimeProvider clock;
    private readonly Lock gate = new();
    private readonly Dictionary<long, StreamEntry> streams = [];
    private readonly Dictionary<CountKey, CountUpdate> shown = [];
    private readonly Dictionary<string, CountKey[]> totals = [];
    private readonly Dictionary<CountKey, long> awaited = [];
    private readonly List<(StreamEntry Stream, bool IsOpen)> changes = [];
    private readonly List<long> probed = [];
    private readonly HashSet<CountKey> unseen = [];
    private readonly HashSet<CountKey> hidden = [];
    private readonly List<CrowdedBrowser> crowds = [];
    private Queue<StreamEntry>? snapshot = [];
    private bool begins = true;
    private bool asksAll;
    private bool checks;
    private PresenceBatch? underWay;
    private List<StreamEntry> opening = [];
    private long last;

    /// <summary>Starts without streams.</summary>
    /// <param name="gateway">Identifies this run of this process.</param>
    /// <param name="site">The site.</param>
    /// <param name="next">Numbers batches: rises with every call, across all sites.</param>
    /// <param name="clock">Provides the time.</param>
    public SiteStreams(string gateway, string site, Func<long> next, TimeProvider clock) =>
        (this.gateway, Site, this.next, this.clock) = (gateway, site, next, clock);

    /// <summary>The site.</summary>
    public string Site { get; }

    /// <summary>The limits of what is counted. The next batch carries them.</summary>
    public CountLimits? Limits { get; set; }

    /// <summary>Whether nothing is open, shown or to be sent.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (gate)
            {
                return streams.Count == 0 && shown.Count == 0 && !IsToSend;
            }
        }
    }

    /// <summary>A stream opens.</summary>
    public void Open(StreamEntry stream)
    {
        lock (gate)
        {
            streams.Add(stream.Number, stream);
            changes.Add((stream, true));
        }
    }

    /// <summary>A stream has closed.</summary>
    public void Close(StreamEntry stream)
    {
        lock (gate)
        {
            if (!streams.Remove(stream.Number))
            {
                return;
            }

            if (changes.Count < MostWaiting)
            {
                changes.Add((stream, false));
            }
            else
            {
                Resync();
            }
        }
    }

    /// <summary>The open stream with a number; null when there is none.</summary>
    public StreamEntry? Find(long number)
    {
        lock (gate)
        {
            return streams.GetValueOrDefault(number);
        }
    }

    /// <summary>The probe of a stream was written.</summary>
    public void Probed(StreamEntry stream)
    {
        lock (gate)
        {
            probed.Add(stream.Number);
        }
    }

    /// <summary>A browser has few connections left.</summary>
    public void Release(CrowdedBrowser crowd)
    {
        lock (gate)
        {
            crowds.Add(crowd);
        }
    }

    /// <summary>The numbers that are shown.</summary>
    public IReadOnlyList<CountKey> Shown
    {
        get
        {
            lock (gate)
            {
                return [.. shown.Keys];
            }
        }
    }

    /// <summary>The shown numbers that viewers of a page are part of. Nobody shows that of this gateway to a reader.</summary>
    public IReadOnlyList<CountKey> ShownOf(PageKey page)
    {
        lock (gate)
        {
            CountKey[] viewers = [CountKey.ForPage(page), CountKey.ForSite(Site), CountKey.ForVisitors(Site)];
            return [.. viewers.Where(shown.ContainsKey), .. TotalsOf(page.Path), .. TotalsOf("")];
        }
    }

    /// <summary>How many streams are open.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return streams.Count;
            }
        }
    }

    /// <summary>A number begins to be shown.</summary>
    public void Show(CountKey key)
    {
        lock (gate)
        {
            if (shown.TryAdd(key, new CountUpdate(key, 0, 0)))
            {
                unseen.Add(key);
                hidden.Remove(key);
                if (key.IsTotal)
                {
                    awaited[key] = long.MaxValue;
                    totals[key.Path] = [.. TotalsOf(key.Path), key];
                }
            }
        }
    }

    /// <summary>A number is no longer shown.</summary>
    public void Hide(CountKey key)
    {
        lock (gate)
        {
            if (shown.Remove(key))
            {
                unseen.Remove(key);
                awaited.Remove(key);
                hidden.Add(key);
                if (key.IsTotal && totals.Remove(key.Path, out var all) && all.Length > 1)
                {
                    totals[key.Path] = [.. all.Where(total => total != key)];
                }
            }
        }
    }

    /// <summary>Applies a received number, if it is shown and newer than the known one.</summary>
    /// <returns>Whether it was applied.</returns>
    public bool Apply(CountUpdate total)
    {
        lock (gate)
        {
            if (!shown.TryGetValue(total.Key, out var known) || total.Version <= known.Version)
            {
                return false;
            }

            shown[total.Key] = total;
            awaited.Remove(total.Key);
            return true;
        }
    }

    /// <summary>The totals that were asked for up to a batch and have not come yet: their grain may not answer, or the silo may be older.</summary>
    public IReadOnlyList<CountKey> Awaited(long batch)
    {
        lock (gate)
        {
            return awaited.Count == 0 ? [] : [.. awaited.Where(total => total.Value <= batch).Select(total => total.Key)];
        }
    }

    /// <summary>The shown totals of a page, or of the site where the path is empty.</summary>
    private CountKey[] TotalsOf(string path) => totals.GetValueOrDefault(path, []);
}
