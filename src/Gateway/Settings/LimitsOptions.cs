using System.ComponentModel.DataAnnotations;

namespace Counter.Gateway.Settings;

/// <summary>The section <c>Limits</c>: nothing is unbounded.</summary>
internal sealed class LimitsOptions
{
    /// <summary>Open streams in this process.</summary>
    [Range(1, 10_000_000)]
    public int Streams { get; set; } = 20_000;

    /// <summary>Open streams from one address; for IPv6, from one /64 network.</summary>
    [Range(1, 10_000_000)]
    public int StreamsPerAddress { get; set; } = 200;

    /// <summary>Open connections from one address; for IPv6, from one /64 network. Trusted proxies (<c>Proxies:Trusted</c>) have no limit.</summary>
    [Range(1, 10_000_000)]
    public int ConnectionsPerAddress { get; set; } = 500;

    /// <summary>Open streams that show one number.</summary>
    [Range(1, 10_000_000)]
    public int StreamsPerPage { get; set; } = 20_000;

    /// <summary>Pages nobody else is on that one address may open a minute.</summary>
    [Range(1, 10_000_000)]
    public int NewPagesPerMinute { get; set; } = 120;

    /// <summary>Pictures that nobody asked for lately which one address may have drawn a minute.</summary>
    [Range(1, 10_000_000)]
    public int NewPicturesPerMinute { get; set; } = 240;

    /// <summary>Requests that may wait for such a picture; one is drawn at a time.</summary>
    [Range(1, 10_000)]
    public int WaitingPictures { get; set; } = 64;

    /// <summary>Pages that one site may ever have.</summary>
    [Range(1, 10_000_000)]
    public int PagesPerSite { get; set; } = 10_000;

    /// <summary>Pages of all sites that may ever be counted.</summary>
    [Range(1, 100_000_000)]
    public int Pages { get; set; } = 1_000_000;

    /// <summary>Sites that may ever be counted.</summary>
    [Range(1, 10_000_000)]
    public int Sites { get; set; } = 10_000;

    /// <summary>Polls and rows of reactions that one site may have.</summary>
    [Range(1, 10_000)]
    public int PollsPerSite { get; set; } = 500;

    /// <summary>Polls and rows of reactions in all.</summary>
    [Range(1, 10_000_000)]
    public int Polls { get; set; } = 10_000;

    /// <summary>Votes from one address a minute, in whatever polls.</summary>
    [Range(1, 10_000_000)]
    public int VotesPerMinute { get; set; } = 30;

    /// <summary>Polls and rows of reactions that one address may begin an hour, by voting first.</summary>
    [Range(1, 10_000_000)]
    public int NewPollsPerHour { get; set; } = 20;

    /// <summary>Visitors with the same address whose votes in one poll count on one day.</summary>
    [Range(1, 10_000_000)]
    public int VotersPerAddress { get; set; } = 30;

    /// <summary>Visitors who voted today that a silo tells apart, in all polls; a tenth of it in one poll.</summary>
    [Range(10, 100_000_000)]
    public int Ballots { get; set; } = 1_000_000;

    /// <summary>Characters of a site's name.</summary>
    [Range(10, 200)]
    public int SiteLength { get; set; } = 200;

    /// <summary>Characters of site and path together.</summary>
    [Range(20, 2000)]
    public int KeyLength { get; set; } = 500;

    /// <summary>Bytes of all headers of a request.</summary>
    [Range(2048, 1_048_576)]
    public int HeaderBytes { get; set; } = 32_768;

    /// <summary>Bytes of a request's first line.</summary>
    [Range(1024, 65_536)]
    public int UrlBytes { get; set; } = 8192;

    /// <summary>
    /// Whether loopback and private addresses are free of the limits per address, so that a proxy nobody configured does not
    /// throttle everybody behind it.
    /// </summary>
    public bool ExemptPrivateAddresses { get; set; } = true;
}
