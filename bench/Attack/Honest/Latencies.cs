using System.Diagnostics;
using System.Globalization;

namespace Counter.Attack.Honest;

/// <summary>How long things took. What is not over yet counts with the time that it has taken so far.</summary>
internal sealed class Latencies
{
    private readonly Lock gate = new();
    private readonly HashSet<Wait> pending = [];
    private List<double> milliseconds = [];
    private int failed;

    /// <summary>Something begins.</summary>
    public Wait Begin()
    {
        var wait = new Wait(Stopwatch.GetTimestamp());
        lock (gate)
        {
            pending.Add(wait);
        }

        return wait;
    }

    /// <summary>It is done.</summary>
    /// <param name="wait">What has begun.</param>
    /// <param name="at">When; null: now.</param>
    public void End(Wait wait, long? at = null)
    {
        lock (gate)
        {
            pending.Remove(wait);
            milliseconds.Add(wait.Milliseconds(at));
        }
    }

    /// <summary>It came to nothing.</summary>
    public void Fail(Wait wait)
    {
        lock (gate)
        {
            pending.Remove(wait);
            failed++;
        }
    }

    /// <summary>The median, the 99th of a hundred and the longest since it was asked last.</summary>
    public string Take()
    {
        lock (gate)
        {
            double[] all = [.. milliseconds.Concat(pending.Select(wait => wait.Milliseconds())).Order()];
            var text = string.Create(
                CultureInfo.InvariantCulture, $"{At(0.5):0.0} {At(0.99):0.0} {At(1):0.0} ms of {all.Length}{(failed > 0 ? $", {failed} FAILED" : "")}");
            (milliseconds, failed) = ([], 0);
            return text;

            double At(double part) => all.Length == 0 ? double.NaN : all[Math.Min(all.Length - 1, (int)(all.Length * part))];
        }
    }

    /// <summary>Something that has begun.</summary>
    internal sealed class Wait(long began)
    {
        /// <summary>How long it takes, until then or until now.</summary>
        public double Milliseconds(long? at = null) => Stopwatch.GetElapsedTime(began, at ?? Stopwatch.GetTimestamp()).TotalMilliseconds;
    }
}
