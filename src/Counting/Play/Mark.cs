namespace Counter.Counting.Play;

/// <summary>What a player draws.</summary>
public enum Mark
{
    /// <summary>Begins every game.</summary>
    X,

    /// <summary>The second.</summary>
    O,
}

/// <summary>What there is to know about a mark.</summary>
public static class Marks
{
    extension(Mark mark)
    {
        /// <summary>The mark of the other player.</summary>
        public Mark Other => mark == Mark.X ? Mark.O : Mark.X;
    }
}
