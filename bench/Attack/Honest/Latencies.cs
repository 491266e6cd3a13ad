using System.Globalization;

namespace Counter.Attack.Honest;

/// <summary>How long things took.</summary>
internal sealed class Latencies
{
    private readonly Lock gate = new();
    private List<double> milliseconds = [];
    private int failed;

    public void Add(TimeSpan took)
    {
        lock (gate)
        {
            milliseconds.Add(took.TotalMilliseconds);
        }
    }

    public void Fail() => Interlocked.Increment(ref failed);

    /// <summary>The median, the 99th of a hundred and the longest since it was asked last.</summary>
    public string Take()
    {
        List<double> taken;
        lock (gate)
        {
            (taken, milliseconds) = (milliseconds, []);
        }

        taken.Sort();
        var failures = Interlocked.Exchange(ref failed, 0);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{At(0.5):0.0} {At(0.99):0.0} {At(1):0.0} ms of {taken.Count}{(failures > 0 ? $", {failures} FAILED" : "")}");

        double At(double part) => taken.Count == 0 ? double.NaN : taken[Math.Min(taken.Count - 1, (int)(taken.Count * part))];
    }
}
