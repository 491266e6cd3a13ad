namespace Counter.Counting.Play;

/// <summary>The mark of a player.</summary>
public enum Mark
{
    /// <summary>The player who begins.</summary>
    X,

    /// <summary>The player who is second.</summary>
    O,
}

/// <summary>Extends <see cref="Mark"/>.</summary>
public static class Marks
{
    extension(Mark mark)
    {
        /// <summary>The mark of the other player.</summary>
        public Mark Other => mark == Mark.X ? Mark.O : Mark.X;
    }
}
