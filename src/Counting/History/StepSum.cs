namespace Counter.Counting.History;

/// <summary>The sums of one step. They are exact, so that equal steps can be found by comparison.</summary>
/// <param name="Peak">The most viewers at once.</param>
/// <param name="ViewerMilliseconds">The total time that viewers spent.</param>
/// <param name="Arrivals">The viewers that arrived.</param>
public readonly record struct StepSum(int Peak, long ViewerMilliseconds, long Arrivals);
