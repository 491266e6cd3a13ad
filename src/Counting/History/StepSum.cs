namespace Counter.Counting.History;

/// <summary>What is kept of one step; exact, so that equal steps can be told by comparing.</summary>
/// <param name="Peak">The most viewers at once.</param>
/// <param name="ViewerMilliseconds">The sum of the time that viewers spent.</param>
/// <param name="Arrivals">The viewers that came.</param>
public readonly record struct StepSum(int Peak, long ViewerMilliseconds, long Arrivals);
