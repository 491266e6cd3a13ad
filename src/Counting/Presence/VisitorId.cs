namespace Counter.Counting.Presence;

/// <summary>A <see cref="VisitorKey"/> within its site. Each visitor has several in memory, so it does not repeat the site.</summary>
internal readonly record struct VisitorId(IdentityKind Kind, ulong Id);
