namespace Counter.Counting.History;

/// <summary>A series as it is stored.</summary>
/// <param name="First">The number of the oldest step, counted from 1970.</param>
/// <param name="Runs">Runs of equal steps from there on, as <see cref="StepRuns"/> writes them.</param>
/// <param name="LastLength">The steps of the newest run; 0 if there is none.</param>
/// <param name="Last">The sum of each step of the newest run.</param>
/// <param name="Step">The number of the step under way.</param>
/// <param name="Current">The sum of the step under way so far.</param>
public sealed record SeriesState(int First, ReadOnlyMemory<byte> Runs, int LastLength, StepSum Last, int Step, StepSum Current);
