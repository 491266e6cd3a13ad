namespace Counter.Counting.Tests.Presence.Day;

/// <summary>One visitor's browser: two tabs at most, each with its history, and what is on the screen.</summary>
internal sealed class Screen(SimulatedDay day, Visit visit)
{
    private readonly Tab first = new(day, visit);
    private readonly Tab second = new(day, visit);
    private int page = -1;
    private bool secondInFront;

    public void Do(Step step)
    {
        switch (step.Deed)
        {
            case Deed.Follow:
                (secondInFront ? second : first).Follow(step);
                break;
            case Deed.FollowInSecondTab:
                secondInFront = true;
                second.Follow(step);
                break;
            case Deed.Back:
                (secondInFront ? second : first).Back(step);
                break;
            case Deed.LookAtFirstTab:
                secondInFront = false;
                break;
            case Deed.CloseSecondTab:
                secondInFront = false;
                second.Close();
                break;
            case Deed.LeaveSite:
                (secondInFront ? first : second).Close();
                (secondInFront ? second : first).LeaveSite();
                break;
            default:
                first.Close();
                second.Close();
                break;
        }

        LookAt(step.Page);
    }

    private void LookAt(int next)
    {
        day.Truth.Change(page, next);
        page = next;
    }

    private sealed class Tab(SimulatedDay day, Visit visit)
    {
        private readonly Stack<Entry> history = [];
        private readonly List<Picture> pictures = [];
        private int page = -1;

        public void Follow(Step step)
        {
            if (history.TryPeek(out var left))
            {
                left.Leave();
            }

            history.Push(new Entry());
            Show(step.Page);
            Load(history.Peek(), step);
        }

        public void Back(Step step)
        {
            history.Pop().Leave();
            var entry = history.Peek();
            Show(step.Page);
            if (entry.Picture is { IsOpen: true } picture && !day.Embed && visit.Browser == Browser.Chromium)
            {
                picture.Resume();
                entry.Left = false;
            }
            else
            {
                Load(entry, step);
            }
        }

        public void LeaveSite()
        {
            Show(-1);
            history.Peek().Leave();
        }

        /// <summary>A tab that closes closes all its streams, those of left pages too.</summary>
        public void Close()
        {
            foreach (var entry in history)
            {
                entry.Left = true;
            }

            pictures.ForEach(picture => picture.CloseAfter(10));
            history.Clear();
            Show(-1);
        }

        private void Show(int next)
        {
            day.OpenPages.Change(page, next);
            page = next;
        }

        private void Load(Entry entry, Step step)
        {
            entry.Left = false;
            day.After(step.Latency, () =>
            {
                if (!entry.Left)
                {
                    entry.Picture = new Picture(day, visit, step.Page);
                    pictures.RemoveAll(picture => !picture.IsOpen);
                    pictures.Add(entry.Picture);
                    entry.Picture.Open();
                }
            });
        }

        private sealed class Entry
        {
            public Picture? Picture { get; set; }

            public bool Left { get; set; }

            public void Leave()
            {
                Left = true;
                Picture?.Leave();
            }
        }
    }
}
