
namespace Counter.Counting.Presence;

/// <summary>Whether a browser closes a left page's stream when it is probed.</summary>
/// <param name="Browser">The browser and its major version.</param>
/// <param name="Worked">Of its last 200 suspicions whose view has closed, those whose view closed within 3 s of the probe.</param>
/// <param name="Failed">Of the same suspicions, those whose view closed 55 to 62 s after the suspicion.</param>
/// <param name="Failures">All suspicions that failed.</param>
/// <param name="GivenUp">Whether left pages of this version are held for 65 s, because more than a fifth of the suspicions failed.</param>
[GenerateSerializer, Immutable, Alias("counter.BrowserProbes")]
public sealed record BrowserProbes(string Browser, int Worked, int Failed, long Failures, bool GivenUp);
