namespace Counter.Counting.Presence;

/// <summary>How a visitor is identified.</summary>
public enum IdentityKind
{
    /// <summary>Not at all: every stream is a visitor of its own.</summary>
    None,

    /// <summary>
    /// By a keyed hash of address and browser version. Many people behind one address may share it, so streams on the same page never
    /// supersede each other.
    /// </summary>
    Weak,

    /// <summary>By a cookie, or by the HTTP/2 connection that all streams of one browser share.</summary>
    Strong,
}

/// <summary>Identifies one browser on one site, as far as possible. It is kept in memory only.</summary>
/// <param name="Site">The site.</param>
/// <param name="Kind">How the visitor is identified.</param>
/// <param name="Id">64 bits that mean nothing without the cluster's secret. Those derived from an address change with the day.</param>
public readonly record struct VisitorKey(string Site, IdentityKind Kind, ulong Id);
