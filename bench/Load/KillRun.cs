using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace Counter.Load;

/// <summary>
/// Holds streams at several gateways, kills a silo, and at once has somebody come to each even page and leave each odd one. Watches the number of each
/// page at each gateway: whether it is ever less than the viewers that are there, and since when it is right.
/// </summary>
internal sealed class KillRun(Uri[] gateways, int silo, int streams, int pages)
{
    // Each site has a presence in one of the silos.
    private const int Sites = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(10);

    private readonly int each = streams / pages;

    /// <summary><c>kill --gateways url1,url2 --pid …</c></summary>
    public static Command Command()
    {
        var urls = new Option<string>("--gateways") { Description = "Gateways of one cluster, separated by commas.", Required = true };
        var silo = new Option<int>("--pid") { Description = "The silo's process, which is killed.", Required = true };
        var streams = new Option<int>("--streams") { Description = "Streams; many systems allow a process 20,000 files.", DefaultValueFactory = _ => 19_000 };
        var pages = new Option<int>("--pages") { Description = "Pages of 20 sites, each with a watcher at each gateway.", DefaultValueFactory = _ => 200 };
        var command = new Command("kill", "Kills a silo, and prints since when the numbers of all pages are right again.") { urls, silo, streams, pages };
        command.SetAction((parsed, cancellationToken) =>
        {
            Uri[] gateways = [.. parsed.GetValue(urls)!.Split(',').Select(url => new Uri(url))];
            return new KillRun(gateways, parsed.GetValue(silo), parsed.GetValue(streams), parsed.GetValue(pages)).RunAsync(cancellationToken);
        });
        return command;
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        List<Watcher> watchers = [];
        List<Viewer> viewers = [];
        try
        {
            for (var page = 0; page < pages; page++)
            {
                foreach (var gateway in gateways)
                {
                    watchers.Add(await Watcher.OpenAsync(gateway, Query(page), page, each));
                }
            }

            for (var i = 0; i < streams; i++)
            {
                viewers.Add(await OpenAsync(i, gateways[i / pages % gateways.Length]));
            }

            await WaitAsync(watchers, Patience, cancellationToken);
            await KillAsync(watchers, viewers, cancellationToken);
        }
        finally
        {
            watchers.ForEach(watcher => watcher.Dispose());
            viewers.ForEach(viewer => viewer.Dispose());
        }
    }

    private async Task KillAsync(List<Watcher> watchers, List<Viewer> viewers, CancellationToken cancellationToken)
    {
        watchers.ForEach(watcher => watcher.Change(watcher.Page % 2 == 0 ? 1 : -1));
        using (var process = Process.GetProcessById(silo))
        {
            process.Kill();
        }

        var killed = Stopwatch.GetTimestamp();
        for (var page = 0; page < pages; page++)
        {
            if (page % 2 == 0)
            {
                viewers.Add(await OpenAsync(streams + page, gateways[0]));
            }
            else
            {
                viewers[page].Dispose();
            }
        }

        await WaitAsync(watchers, Patience, cancellationToken);
        Say($"{streams} streams, {pages} pages, {gateways.Length} gateways; a silo was killed");
        Say($"  right again: where somebody came within {After(0):0.0} s, where somebody left within {After(1):0.0} s");
        var low = watchers.Where(watcher => watcher.Lowest < 0).Select(watcher => -watcher.Lowest).ToList();
        Say($"  {low.Count} of {watchers.Count} watchers saw a number that was too low, by {low.DefaultIfEmpty().Max()} at most");
        Say($"  {viewers.Count(viewer => viewer.HasEnded) - (pages / 2)} streams ended");

        double After(int odd) => watchers.Where(watcher => watcher.Page % 2 == odd).Max(watcher => Stopwatch.GetElapsedTime(killed, watcher.RightSince).TotalSeconds);
    }

    /// <summary>Waits until all watchers see the right number, and have seen it for some seconds.</summary>
    private static async Task WaitAsync(List<Watcher> watchers, TimeSpan patience, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (!watchers.TrueForAll(watcher => watcher.IsRight && Stopwatch.GetElapsedTime(watcher.RightSince) > Quiet))
        {
            if (watch.Elapsed > patience)
            {
                throw new TimeoutException(string.Create(
                    CultureInfo.InvariantCulture, $"{watchers.Count(watcher => !watcher.IsRight)} watchers do not see the right number after {patience.TotalSeconds} s."));
            }

            await Task.Delay(Round, cancellationToken);
        }
    }

    private async Task<Viewer> OpenAsync(int number, Uri gateway)
    {
        var viewer = new Viewer($"/online.png?{Query(number % pages)}");
        await viewer.OpenAsync(gateway, number);
        return viewer;
    }

    private static string Query(int page) => string.Create(CultureInfo.InvariantCulture, $"site=load{page % Sites}.example&page=/{page}");

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>Sees the number of a page at a gateway.</summary>
    private sealed class Watcher : IDisposable
    {
        private readonly Lock gate = new();
        private readonly EventViewer events;
        private int shown;
        private int expected;
        private int least;

        private Watcher(int page, int expected)
        {
            (Page, this.expected) = (page, expected);
            events = new EventViewer(Take);
        }

        public int Page { get; }

        /// <summary>Whether the last number is right.</summary>
        public bool IsRight
        {
            get
            {
                lock (gate)
                {
                    return shown == expected;
                }
            }
        }

        /// <summary>When the number became right, as a timestamp.</summary>
        public long RightSince { get; private set; }

        /// <summary>The lowest number since the change less the viewers that are there; 0 or more where it was never too low.</summary>
        public int Lowest { get; private set; } = int.MaxValue;

        public static async Task<Watcher> OpenAsync(Uri gateway, string query, int page, int expected)
        {
            var watcher = new Watcher(page, expected);
            await watcher.events.OpenAsync(gateway, query + "&watch=1", "watcher");
            return watcher;
        }

        /// <summary>Another number is expected from now on.</summary>
        public void Change(int by)
        {
            lock (gate)
            {
                (least, expected) = (expected + Math.Min(by, 0), expected + by);
                Lowest = shown - least;
            }
        }

        public void Dispose() => events.Dispose();

        private void Take(int viewers)
        {
            lock (gate)
            {
                if (viewers == expected && shown != expected)
                {
                    RightSince = Stopwatch.GetTimestamp();
                }

                shown = viewers;
                Lowest = Math.Min(Lowest, shown - least);
            }
        }
    }
}
