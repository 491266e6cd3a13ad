using System.Diagnostics;
using System.Globalization;

namespace Counter.Attack.Honest;

/// <summary>Collects the durations of operations. A pending operation counts with its duration so far.</summary>
internal sealed class Latencies
{
    private readonly Lock gate = new();
    private readonly HashSet<Wait> pending = [];
    private List<double> milliseconds = [];
    private int failed;

    /// <summary>Begins an operation.</summary>
    public Wait Begin()
    {
        var wait = new Wait(Stopwatch.GetTimestamp());
        lock (gate)
        {
            pending.Add(wait);
        }

        return wait;
    }

    /// <summary>Ends an operation.</summary>
    /// <param name="wait">The operation.</param>
    /// <param name="at">The time of the end; null for now.</param>
    public void End(Wait wait, long? at = null)
    {
        lock (gate)
        {
            pending.Remove(wait);
            milliseconds.Add(wait.Milliseconds(at));
        }
    }

    /// <summary>Counts an operation as failed.</summary>
    public void Fail(Wait wait)
    {
        lock (gate)
        {
            pending.Remove(wait);
            failed++;
        }
    }

    /// <summary>The median, the 99th percentile and the maximum since the last call.</summary>
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

    /// <summary>An operation that has begun.</summary>
    internal sealed class Wait(long began)
    {
        /// <summary>The duration until a time, or until now.</summary>
        public double Milliseconds(long? at = null) => Stopwatch.GetElapsedTime(began, at ?? Stopwatch.GetTimestamp()).TotalMilliseconds;
    }
}
