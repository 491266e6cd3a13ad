namespace Counter.Gateway.Frames;

/// <summary>What a counter looks like.</summary>
internal enum Style
{
    /// <summary>A line of text.</summary>
    Text,

    /// <summary>Two parts, label and number, with round corners: as READMEs have them, 20 CSS pixels high.</summary>
    Badge,

    /// <summary>The same with square corners.</summary>
    Flat,

    /// <summary>A dot that says live, the number and the label on a round ground.</summary>
    Pill,

    /// <summary>The wheels of an odometer.</summary>
    Digits,
}

/// <summary>What each style has where nothing is said.</summary>
internal static class StyleDefaults
{
    extension(Style style)
    {
        /// <summary>The text, with <see cref="Look.NumberPlace"/>.</summary>
        public string Label => style switch
        {
            Style.Badge or Style.Flat => "users online",
            Style.Pill => "{n} online",
            Style.Digits => Look.NumberPlace,
            _ => Look.DefaultLabel,
        };

        /// <summary>The font's size in CSS pixels.</summary>
        public int Size => style switch
        {
            Style.Badge or Style.Flat => 11,
            Style.Pill => 14,
            Style.Digits => 20,
            _ => Look.DefaultSize,
        };

        /// <summary>What addresses call it.</summary>
        public string Name => style switch
        {
            Style.Text => "text",
            Style.Badge => "badge",
            Style.Flat => "flat",
            Style.Pill => "pill",
            Style.Digits => "digits",
            _ => throw new ArgumentOutOfRangeException(nameof(style)),
        };
    }
}
