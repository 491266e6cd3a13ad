namespace Counter.Counting.Pages;

/// <summary>Why a request has no page.</summary>
public enum PageProblem
{
    /// <summary>There is no problem: the request has a page.</summary>
    None,

    /// <summary>Nothing names a page: there is no site and no http or https Referer.</summary>
    NoPage,

    /// <summary>The site is not <c>host</c>, <c>host:port</c> or an http or https URL.</summary>
    BadSite,

    /// <summary>The page is neither a path nor an http or https URL, or it has control characters or invalid Unicode.</summary>
    BadPage,

    /// <summary>The normalised site or page is longer than <see cref="PageLimits"/> allows.</summary>
    TooLong,
}
