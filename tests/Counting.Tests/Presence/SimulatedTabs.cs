using Counter.Counting.Presence;
using Counter.Counting.Tests.Presence.Day;
using Xunit;

namespace Counter.Counting.Tests.Presence;

/// <summary>A few people with two tabs each, whose browsers do what real ones do with the streams of pages that are left.</summary>
internal sealed class SimulatedTabs : PresenceTest
{
    private const int Pages = 5;

    private readonly List<(double At, Action Act)> due = [];
    private readonly List<Tab> tabs = [];
    private double now;

    /// <summary>Whether a page was left without another one being asked for, so that only a periodic probe can settle it.</summary>
    public bool LeftInSilence { get; private set; }

    /// <param name="sharing">How many people have the same address and browser.</param>
    public SimulatedTabs(int sharing)
    {
        for (var person = 0; person < 4; person++)
        {
            var (address, browser) = ((ulong)(person / sharing), (Browser)(person / sharing % 3));
            tabs.Add(new Tab(this, address, browser));
            tabs.Add(new Tab(this, address, browser));
        }
    }

    public void Do(PresenceProperties.Step step)
    {
        var tab = tabs[step.Tab];
        switch (step.What)
        {
            case PresenceProperties.Move.Follow:
                tab.Follow(step.Page % Pages);
                break;
            case PresenceProperties.Move.Back:
                tab.Back();
                break;
            case PresenceProperties.Move.Close:
                tab.Close();
                break;
            case PresenceProperties.Move.LeaveSite:
                LeftInSilence |= tab.LeaveSite();
                break;
            default:
                Pass(step.Page / 100.0);
                break;
        }
    }

    public void AssertEveryOpenPageCounts()
    {
        Pass(LeftInSilence ? 20.5 : 5.5);
        for (var page = 0; page < Pages; page++)
        {
            Assert.Equal(tabs.Count(tab => tab.Page == page), Viewers($"/{page}"));
        }

        tabs.ForEach(tab => tab.Close());
        Pass(66);
        AssertEmpty();
    }

    private void Pass(double seconds)
    {
        for (var until = now + seconds; now < until;)
        {
            now += 0.05;
            Clock.Advance(TimeSpan.FromSeconds(0.05));
            foreach (var (_, act) in due.Where(next => next.At <= now).ToList())
            {
                act();
            }

            due.RemoveAll(next => next.At <= now);
            if (Math.Round(now / 0.05) % 5 == 0)
            {
                Network.Tick();
            }
        }
    }

    private void After(double seconds, Action act) => due.Add((now + seconds, act));

    private sealed class Tab(SimulatedTabs world, ulong address, Browser browser)
    {
        private readonly List<Entry> history = [];
        private readonly List<Entry> all = [];

        /// <summary>What is shown; null when nothing of the site is.</summary>
        public int? Page => history.Count > 0 ? history[^1].Page : null;

        public void Follow(int page)
        {
            if (Page == page)
            {
                return;
            }

            Leave();
            Show(new Entry(page));
        }

        public void Back()
        {
            if (history.Count < 2)
            {
                return;
            }

            Leave();
            history.RemoveAt(history.Count - 1);
            var entry = history[^1];
            if (entry.Stream is not null)
            {
                // It comes out of the cache: nobody is asked for anything.
                world.LeftInSilence = true;
                entry.Left = false;
                return;
            }

            history.RemoveAt(history.Count - 1);
            Show(new Entry(entry.Page));
        }

        public bool LeaveSite()
        {
            Leave();
            history.Clear();
            return true;
        }

        public void Close()
        {
            all.ForEach(End);
            history.Clear();
        }

        private void Show(Entry entry)
        {
            history.Add(entry);
            all.RemoveAll(old => old.Stream is null);
            all.Add(entry);
            entry.Stream = world.Open($"/{entry.Page}", Weak with { Id = address }, settles: browser switch
            {
                Browser.Chromium => SettledBy.Padding,
                Browser.Firefox => SettledBy.Frame,
                _ => SettledBy.Itself,
            });
            entry.Stream.Response.Probed = () =>
            {
                if (entry.Left && browser != Browser.WebKit)
                {
                    world.After(0.3, () => EndLeft(entry));
                }
            };
        }

        private void Leave()
        {
            if (history.Count == 0)
            {
                return;
            }

            var entry = history[^1];
            entry.Left = true;
            world.After(browser switch { Browser.Chromium => 60, Browser.Firefox => 1, _ => 0.2 }, () => EndLeft(entry));
        }

        private void EndLeft(Entry entry)
        {
            if (entry.Left)
            {
                End(entry);
            }
        }

        private void End(Entry entry)
        {
            if (entry.Stream is { } stream)
            {
                entry.Stream = null;
                world.Close(stream);
            }
        }

        private sealed class Entry(int page)
        {
            public int Page => page;

            public bool Left { get; set; }

            public Opened? Stream { get; set; }
        }
    }
}
