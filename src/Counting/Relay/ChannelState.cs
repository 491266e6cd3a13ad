namespace Counter.Counting.Relay;

/// <summary>A channel of all gateways: who publishes, the newest picture, and whether somebody wants it. Not safe for concurrent use.</summary>
/// <remarks>
/// The newest stream is the one that is shown everywhere; single pictures are taken while there is none. Pictures of a stream come only while
/// other gateways want them, so the newest of before is old when they want them again.
/// </remarks>
/// <param name="clock">Tells the time.</param>
public sealed class ChannelState(TimeProvider clock)
{
    /// <summary>A stream whose gateway says nothing for so long has ended.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    /// <summary>Pictures are wanted for so long after a gateway asked last.</summary>
    public static readonly TimeSpan Wanted = TimeSpan.FromSeconds(2);

    private Guid? publication;
    private Guid? expired;
    private bool isNew = true;
    private long heardAt;
    private int asking;
    private long? askedAt;
    private bool isFresh;
    private Guid? removed;
    private long removedAt;
    private long known;
    private long pictureAt;
    private ChannelPicture? picture;

    /// <summary>Rises with every change. 0 while nothing is known.</summary>
    public long Version { get; private set; }

    /// <summary>Whether a stream is being published.</summary>
    public bool IsLive => publication is not null;

    /// <summary>Whether there is nothing to keep.</summary>
    public bool IsEmpty => IsForgotten && removedAt == 0;

    private bool IsForgotten => publication is null && picture is null;

    /// <summary>Whether gateways other than the publisher's want pictures.</summary>
    public bool IsWanted => asking > 0 || (askedAt is { } at && clock.GetElapsedTime(at) < Wanted);

    /// <summary>A stream begins, in place of the one under way.</summary>
    public void Begin(Guid next)
    {
        (publication, expired, heardAt, isFresh, isNew) = (next, null, clock.GetTimestamp(), false, false);
        Change();
    }

    /// <summary>The gateway of a stream speaks. One that was taken for gone goes on, and one that is not known because the silo that knew it is gone.</summary>
    public PublicationState Renew(Guid id)
    {
        if (publication is null && (isNew || expired == id))
        {
            Begin(id);
        }

        heardAt = publication == id ? clock.GetTimestamp() : heardAt;
        isFresh &= IsWanted;
        return new PublicationState(publication == id, removed == id, IsWanted);
    }

    /// <summary>A stream has a new picture.</summary>
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

    /// <summary>A stream has ended; its last picture stays.</summary>
    /// <returns>The version since then; 0 when another had taken its place.</returns>
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

    /// <summary>A single picture comes.</summary>
    /// <returns>Its version; null while a stream is being published.</returns>
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

    /// <summary>The channel is removed.</summary>
    public void Remove()
    {
        (publication, expired, removed, picture, isNew) = (null, null, publication, null, false);
        removedAt = Change();
    }

    /// <summary>A gateway begins to wait for what is new after a version that it knows.</summary>
    public void BeginAsking(long after)
    {
        // The silo before this one may have been ahead.
        known = Math.Max(known, after);
        isFresh &= IsWanted;
        asking++;
    }

    /// <summary>It waits no longer.</summary>
    public void EndAsking()
    {
        asking--;
        askedAt = clock.GetTimestamp();
    }

    /// <summary>Whether there is something for a gateway that knows a version: not while the newest picture is an old one of a stream.</summary>
    public bool HasNews(long after) => Version > after && !IsAwaited;

    /// <summary>Whether the newest picture of a stream is on its way.</summary>
    public bool IsAwaited => IsLive && !isFresh;

    /// <summary>What a gateway that knows a version is told.</summary>
    public ChannelUpdate NewsAfter(long after) => new(Version, IsLive, removedAt > after && (after > 0 || IsForgotten), pictureAt > after ? picture : null);

    /// <summary>Ends a stream whose gateway is gone.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Expire()
    {
        if (publication is null || clock.GetElapsedTime(heardAt) < Lease)
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

    /// <summary>One that begins anew goes on where the silo before it stopped.</summary>
    private long Change() => Version = Math.Max(Math.Max(Version, known) + 1, clock.GetUtcNow().ToUnixTimeMilliseconds());
}
