using System.ComponentModel.DataAnnotations;

namespace Counter.Gateway.Settings;

/// <summary>The section <c>Limits</c>: nothing is unbounded.</summary>
internal sealed class LimitsOptions
{
    /// <summary>
    /// Open streams in all. 2,000 more connections are allowed, or as many as the system has files for (<c>ulimit -n</c>, at least 512); then the start
    /// logs a line.
    /// </summary>
    [Range(1, 10_000_000)]
    public int Streams { get; set; } = 20_000;

    /// <summary>Open streams from one address.</summary>
    [Range(1, 10_000_000)]
    public int StreamsPerAddress { get; set; } = 200;

    /// <summary>Open connections from one address; further ones are closed. Trusted proxies have no limit, nor private addresses while they are exempt.</summary>
    [Range(1, 10_000_000)]
    public int ConnectionsPerAddress { get; set; } = 500;

    /// <summary>Open streams that show one number.</summary>
    [Range(1, 10_000_000)]
    public int StreamsPerPage { get; set; } = 20_000;

    /// <summary>Pages without viewers that one address may open a minute; beyond it 429.</summary>
    [Range(1, 10_000_000)]
    public int NewPagesPerMinute { get; set; } = 120;

    /// <summary>Pictures not requested lately that may be drawn for one address a minute.</summary>
    [Range(1, 10_000_000)]
    public int NewPicturesPerMinute { get; set; } = 240;

    /// <summary>Requests that wait for such a picture, drawn one at a time; beyond it 503.</summary>
    [Range(1, 10_000)]
    public int WaitingPictures { get; set; } = 64;

    /// <summary>Pages of a site that are kept.</summary>
    [Range(1, 10_000_000)]
    public int PagesPerSite { get; set; } = 10_000;

    /// <summary>
    /// Pages of all sites that are kept. Without room, pages and sites without viewers are deleted: those with few arrivals, long ago, first; sites with
    /// settings last.
    /// </summary>
    [Range(1, 100_000_000)]
    public int Pages { get; set; } = 1_000_000;

    /// <summary>Sites that are kept.</summary>
    [Range(1, 10_000_000)]
    public int Sites { get; set; } = 10_000;

    /// <summary>Polls and rows of reactions of a site.</summary>
    [Range(1, 10_000)]
    public int PollsPerSite { get; set; } = 500;

    /// <summary>Polls and rows of reactions in all.</summary>
    [Range(1, 10_000_000)]
    public int Polls { get; set; } = 10_000;

    /// <summary>Votes a minute from one address, in all polls.</summary>
    [Range(1, 10_000_000)]
    public int VotesPerMinute { get; set; } = 30;

    /// <summary>Polls that one address may start an hour with a first vote.</summary>
    [Range(1, 10_000_000)]
    public int NewPollsPerHour { get; set; } = 20;

    /// <summary>Visitors with the same address whose votes in one poll count on one day.</summary>
    [Range(1, 10_000_000)]
    public int VotersPerAddress { get; set; } = 30;

    /// <summary>Visitors who voted today that a silo remembers; a tenth of it in one poll.</summary>
    [Range(10, 100_000_000)]
    public int Ballots { get; set; } = 1_000_000;

    /// <summary>Characters of a site.</summary>
    [Range(10, 200)]
    public int SiteLength { get; set; } = 200;

    /// <summary>Characters of site and path.</summary>
    [Range(20, 2000)]
    public int KeyLength { get; set; } = 500;

    /// <summary>Bytes of all headers of a request.</summary>
    [Range(2048, 1_048_576)]
    public int HeaderBytes { get; set; } = 32_768;

    /// <summary>Bytes of the first line of a request.</summary>
    [Range(1024, 65_536)]
    public int UrlBytes { get; set; } = 8192;

    /// <summary>Loopback and private addresses are free of the limits per address.</summary>
    /// <remarks>A proxy nobody configured then does not throttle everybody behind it.</remarks>
    public bool ExemptPrivateAddresses { get; set; } = true;
}
