using System.Globalization;
using Counter.Counting.Polls;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>What a picture of a poll shows. Two are equal when they show the same.</summary>
/// <param name="Asked">What is asked.</param>
/// <param name="Votes">The votes, by answer.</param>
/// <param name="Closed">Whether nobody votes any more.</param>
/// <param name="Shown">Whether the results are shown, and not only what can be answered.</param>
internal sealed record PollView(PollDefinition Asked, IReadOnlyList<long> Votes, bool Closed, bool Shown)
{
    /// <summary>All votes.</summary>
    public long All => Votes.Sum();

    private string Text { get; } = string.Join('\n', [Asked.Text, Closed ? "closed" : "", .. Shown ? Votes.Select(v => v.ToString(CultureInfo.InvariantCulture)) : ["?"]]);

    public bool Equals(PollView? other) => other?.Text == Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}
