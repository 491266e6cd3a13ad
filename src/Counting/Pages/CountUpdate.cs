namespace Counter.Counting.Pages;

/// <summary>The value of a number of the whole cluster.</summary>
/// <param name="Key">What is counted.</param>
/// <param name="Version">Rises with every change of this number; older versions are dropped.</param>
/// <param name="Viewers">The viewers at all gateways, or the total; 0 or more.</param>
/// <param name="Trace">The span in which it changed, as in the header <c>traceparent</c>; null without tracing.</param>
/// <param name="Activation">The activation of the presence that counted it.</param>
[GenerateSerializer, Immutable, Alias("counter.Total")]
public readonly record struct CountUpdate(CountKey Key, long Version, long Viewers, string? Trace = null, long Activation = 0);
