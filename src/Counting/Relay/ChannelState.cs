namespace Counter.Counting.Relay;

/// <summary>A channel: who publishes, the newest picture, and whether other gateways want it. Not safe for concurrent use.</summary>
/// <remarks>
/// All gateways show the newest stream. Single pictures are accepted while there is no stream. A stream sends its pictures only while
/// other gateways want them, so the last picture is old when they want them again.
/// </remarks>
/// <param name="clock">Provides the time.</param>
public sealed class ChannelState(TimeProvider clock)
{
    /// <summary>A stream ends if its gateway does not renew it for this long.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    /// <summary>Pictures are wanted for this long after the last request of a gateway.</summary>
    public static readonly TimeSpan Wanted = TimeSpan.FromSeconds(2);

    private Guid? publication;
    private Guid? expired;
    private bool isNew = true;
    private long reportedAt;
    private int asking;
    private long? askedAt;
    private bool isFresh;
    private Guid? removed;
    private long removedAt;
    private long known;
    private long pictureAt;
    private ChannelPicture? picture;

    /// <summary>Rises with every change; 0 before the first one.</summary>
    public long Version { get; private set; }

    /// <summary>Whether a stream is published.</summary>
    public bool IsLive => publication is not null;

    /// <summary>Whether there is no state to keep.</summary>
    public bool IsEmpty => IsForgotten && removedAt == 0;

    private bool IsForgotten => publication is null && picture is null;

    /// <summary>Whether gateways other than the publisher's want its pictures.</summary>
    public bool IsWanted => asking > 0 || (askedAt is { } at && clock.GetElapsedTime(at) < Wanted);

    /// <summary>Begins a stream, which replaces the one under way.</summary>
    public void Begin(Guid next)
    {
        (publication, expired, reportedAt, isFresh, isNew) = (next, null, clock.GetTimestamp(), false, false);
        Change();
    }

    /// <summary>
    /// Renews a stream. A stream that has expired continues, and so does one that is unknown because the silo that had it is gone.
    /// </summary>
    public PublicationState Renew(Guid id)
    {
        if (publication is null && (isNew || expired == id))
        {
            Begin(id);
        }

        reportedAt = publication == id ? clock.GetTimestamp() : reportedAt;
        isFresh &= IsWanted;
        return new PublicationState(publication == id, removed == id, IsWanted);
    }

    /// <summary>Applies a new picture of a stream.</summary>
    public PublicationState Publish(Guid id, ChannelPicture next)
    {
        var state = Renew(id);
        if (state.IsCurrent)
        {
            Show(next);
            isFresh = state.IsWanted;
        }

        return state;
    }

    /// <summary>Ends a stream. Its last picture stays.</summary>
    /// <returns>The new version; 0 if another stream has replaced it.</returns>
    public long Finish(Guid id, ChannelPicture? last)
    {
        if (publication != id)
        {
            return 0;
        }

        (publication, expired) = (null, null);
        Change();
        if (last is not null)
        {
            Show(last);
        }

        return Version;
    }

    /// <summary>Applies a single picture.</summary>
    /// <returns>The version of the picture; null while a stream is published.</returns>
    public long? Put(ChannelPicture next)
    {
        Expire();
        if (IsLive)
        {
            return null;
        }

        isNew = false;
        return Show(next);
    }

    /// <summary>Removes the channel.</summary>
    public void Remove()
    {
        (publication, expired, removed, picture, isNew) = (null, null, publication, null, false);
        removedAt = Change();
    }

    /// <summary>A gateway begins to wait for updates after the version that it has.</summary>
    public void BeginAsking(long after)
    {
        // The silo before this one may have had a higher version.
        known = Math.Max(known, after);
        isFresh &= IsWanted;
        asking++;
    }

    /// <summary>A gateway has stopped waiting.</summary>
    public void EndAsking()
    {
        asking--;
        askedAt = clock.GetTimestamp();
    }

    /// <summary>Whether there are updates after a version. There are none while the newest picture is an old one of a stream.</summary>
    public bool HasChanges(long after) => Version > after && !IsAwaited;

    /// <summary>Whether a newer picture of a stream is on its way.</summary>
    public bool IsAwaited => IsLive && !isFresh;

    /// <summary>The updates for a gateway that has a version.</summary>
    public ChannelUpdate NewsAfter(long after) => new(Version, IsLive, removedAt > after && (after > 0 || IsForgotten), pictureAt > after ? picture : null);

    /// <summary>Ends the stream if it was not renewed for <see cref="Lease"/>.</summary>
    /// <returns>Whether it was ended.</returns>
    public bool Expire()
    {
        if (publication is null || clock.GetElapsedTime(reportedAt) < Lease)
        {
            return false;
        }

        (expired, publication) = (publication, null);
        Change();
        return true;
    }

    private long Show(ChannelPicture next)
    {
        picture = next;
        return pictureAt = Change();
    }

    /// <summary>Raises the version above that of the silo before this one.</summary>
    private long Change() => Version = Math.Max(Math.Max(Version, known) + 1, clock.GetUtcNow().ToUnixTimeMilliseconds());
}
