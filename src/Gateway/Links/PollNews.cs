using Counter.Gateway.Polls.Votes;

namespace Counter.Gateway.Links;

/// <summary>
/// News of polls on their way to other gateways: that votes were written, so that they are read at once and not with the next round; or that
/// somebody voted who may see the results now.
/// </summary>
internal sealed class PollNews
{
    /// <summary>This gateway has news: who voted in which poll; null when votes were written.</summary>
    public event Action<VoteQuestion?>? Told;

    /// <summary>Another gateway has.</summary>
    public event Action<VoteQuestion?>? Heard;

    /// <summary>Says something to the others.</summary>
    public void Tell(VoteQuestion? voted) => Told?.Invoke(voted);

    /// <summary>Another gateway says something.</summary>
    public void Hear(VoteQuestion? voted) => Heard?.Invoke(voted);
}
