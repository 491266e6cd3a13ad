namespace Counter.Gateway.Frames;

/// <summary>The kinds of counters.</summary>
internal enum StyleKind
{
    /// <summary>A line of text.</summary>
    Text,

    /// <summary>Label and number side by side with round corners, as in READMEs, 20 CSS pixels high.</summary>
    Badge,

    /// <summary>A badge with square corners.</summary>
    Flat,

    /// <summary>A dot for a live number, the number and the label on a round ground.</summary>
    Pill,

    /// <summary>The wheels of an odometer.</summary>
    Digits,
}

/// <summary>The defaults and the name of each style.</summary>
internal static class StyleDefaults
{
    extension(StyleKind style)
    {
        /// <summary>The text, with <see cref="CounterStyle.NumberPlace"/>.</summary>
        public string Label => style switch
        {
            StyleKind.Badge or StyleKind.Flat => "users online",
            StyleKind.Pill => "{n} online",
            StyleKind.Digits => CounterStyle.NumberPlace,
            _ => CounterStyle.DefaultLabel,
        };

        /// <summary>The same for what <c>count</c> names.</summary>
        public string LabelOf(string? count)
        {
            var words = count switch
            {
                "arrivals" => "views",
                "today" => "views today",
                "peak" => style == StyleKind.Pill ? "at most" : "most online",
                _ => null,
            };
            return words is null ? style.Label : style switch
            {
                StyleKind.Badge or StyleKind.Flat => words,
                StyleKind.Pill => $"{CounterStyle.NumberPlace} {words}",
                StyleKind.Digits => style.Label,
                _ => $"{char.ToUpperInvariant(words[0])}{words[1..]}: {CounterStyle.NumberPlace}",
            };
        }

        /// <summary>The font's size in CSS pixels.</summary>
        public int Size => style switch
        {
            StyleKind.Badge or StyleKind.Flat => 11,
            StyleKind.Pill => 14,
            StyleKind.Digits => 20,
            _ => CounterStyle.DefaultSize,
        };

        /// <summary>Its name in addresses.</summary>
        public string Name => style switch
        {
            StyleKind.Text => "text",
            StyleKind.Badge => "badge",
            StyleKind.Flat => "flat",
            StyleKind.Pill => "pill",
            StyleKind.Digits => "digits",
            _ => throw new ArgumentOutOfRangeException(nameof(style)),
        };
    }
}
