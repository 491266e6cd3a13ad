namespace Counter.Counting.History;

/// <summary>A series as it is stored.</summary>
/// <param name="First">The number of the oldest step, counted from 1970.</param>
/// <param name="Runs">Runs of equal steps from there on, as <see cref="StepRuns"/> writes them.</param>
/// <param name="LastLength">How many steps the newest run has; 0 when there is none.</param>
/// <param name="Last">What each step of the newest run has.</param>
/// <param name="Step">The number of the step under way.</param>
/// <param name="Current">What the step under way has so far.</param>
public sealed record SeriesState(int First, ReadOnlyMemory<byte> Runs, int LastLength, StepSum Last, int Step, StepSum Current);
