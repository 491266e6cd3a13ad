namespace Counter.Counting.History;

/// <summary>
/// The history of one number at one step width. Completed steps are kept as runs of equal steps, so idle time needs almost no memory.
/// Not safe for concurrent use.
/// </summary>
/// <remarks>
/// The written part of <c>runs</c> never changes in place: bytes are only appended, and the array is replaced when it grows or is
/// trimmed. So <see cref="Save"/> returns it without copying, and it can be serialised while the series changes.
/// </remarks>
internal sealed class Series
{
    private readonly HistoryStep step;
    private byte[] runs = [];
    private int used;
    private int first;
    private int lastLength;
    private StepSum last;
    private int number;
    private StepSum current;

    /// <summary>Starts an empty history.</summary>
    /// <param name="step">The width of the steps.</param>
    /// <param name="at">When it begins, in milliseconds since 1970, 0 or later.</param>
    public Series(HistoryStep step, long at)
    {
        this.step = step;
        number = (int)(at / Width);
        first = number;
    }

    /// <summary>Restores a stored history.</summary>
    /// <exception cref="InvalidDataException">The state contradicts itself.</exception>
    public Series(HistoryStep step, SeriesState state)
    {
        this.step = step;
        var end = (long)state.First + state.LastLength;
        for (var rest = state.Runs.Span; !rest.IsEmpty;)
        {
            end += StepRuns.Read(ref rest, out _);
        }

        if (state.First < 0 || state.LastLength < 0 || end != state.Step || IsNegative(state.Last) || IsNegative(state.Current))
        {
            throw new InvalidDataException($"The history by {step} contradicts itself.");
        }

        runs = state.Runs.ToArray();
        used = runs.Length;
        (first, lastLength, last, number, current) = (state.First, state.LastLength, state.Last, state.Step, state.Current);
    }

    private long Width => (long)step.Width().TotalMilliseconds;

    private int Keep => (int)(step.Keep() / step.Width());

    /// <summary>Adds a time during which the number of viewers did not change.</summary>
    public void Pass(long from, long to, int viewers)
    {
        var next = (int)(to / Width);
        if (next > number)
        {
            var boundary = (number + 1L) * Width;
            Spend(boundary - from, viewers);
            Append(1, current);
            if (next - number > 1)
            {
                Append(next - number - 1, new StepSum(viewers, viewers * Width, 0));
            }

            (number, current, from) = (next, default, next * Width);
        }

        Spend(to - from, viewers);
    }

    /// <summary>Adds the current viewers and new arrivals to the step under way.</summary>
    public void Record(int viewers, long arrivals) => current = current with
    {
        Peak = Math.Max(current.Peak, viewers),
        Arrivals = current.Arrivals + arrivals,
    };

    /// <summary>The steps numbered from <paramref name="from"/> to <paramref name="to"/>, exclusive, oldest first.</summary>
    public StepSum[] Read(int from, int to)
    {
        var dense = new StepSum[to - from];
        var position = first;
        for (ReadOnlySpan<byte> rest = runs.AsSpan(0, used); !rest.IsEmpty;)
        {
            var length = StepRuns.Read(ref rest, out var sum);
            Fill(position, length, sum);
            position += length;
        }

        Fill(position, lastLength, last);
        Fill(number, 1, current);
        return dense;

        void Fill(int start, int length, StepSum sum)
        {
            var (begin, end) = (Math.Clamp(start, from, to), Math.Clamp(start + length, from, to));
            dense.AsSpan(begin - from, end - begin).Fill(sum);
        }
    }

    /// <summary>The state to store.</summary>
    public SeriesState Save() => new(first, runs.AsMemory(0, used), lastLength, last, number, current);

    private void Spend(long milliseconds, int viewers)
    {
        if (milliseconds > 0)
        {
            current = current with
            {
                Peak = Math.Max(current.Peak, viewers),
                ViewerMilliseconds = current.ViewerMilliseconds + (milliseconds * viewers),
            };
        }
    }

    private void Append(int length, StepSum sum)
    {
        if (lastLength > 0 && last != sum)
        {
            Span<byte> run = stackalloc byte[StepRuns.MostBytes];
            run = run[..StepRuns.Write(run, lastLength, last)];
            if (used + run.Length > runs.Length)
            {
                Array.Resize(ref runs, Math.Max(used + run.Length, Math.Max(16, used + (used / 4))));
            }

            run.CopyTo(runs.AsSpan(used));
            used += run.Length;
            lastLength = 0;
        }

        (last, lastLength) = (sum, lastLength + length);
        Trim(number + length - Keep);
    }

    /// <summary>Removes runs that ended before the horizon if they are more than an eighth of all, so that not every step copies the rest.</summary>
    private void Trim(int horizon)
    {
        var position = first;
        var rest = (ReadOnlySpan<byte>)runs.AsSpan(0, used);
        while (!rest.IsEmpty)
        {
            var after = rest;
            var end = position + StepRuns.Read(ref after, out _);
            if (end > horizon)
            {
                break;
            }

            position = end;
            rest = after;
        }

        if (used - rest.Length > used / 8)
        {
            (runs, used, first) = (rest.ToArray(), rest.Length, position);
        }
    }

    private static bool IsNegative(StepSum sum) => sum.Peak < 0 || sum.ViewerMilliseconds < 0 || sum.Arrivals < 0;
}
