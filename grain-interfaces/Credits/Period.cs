namespace Informer.Ai.Credits;

/// <summary>A calendar month in UTC, the time in which caps and budgets count: 202605 is May 2026.</summary>
[GenerateSerializer, Immutable, Alias("period")]
public readonly record struct Period([property: Id(0)] int Month)
{
    /// <summary>The month of a moment.</summary>
    public static Period Of(DateTimeOffset moment)
    {
        var utc = moment.UtcDateTime;
        return new Period((utc.Year * 100) + utc.Month);
    }

    /// <summary>The first moment of the month.</summary>
    public DateTimeOffset Start => new(Month / 100, Month % 100, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The first moment after the month, when its counters stop to matter.</summary>
    public DateTimeOffset End => Start.AddMonths(1);

    public override string ToString() => Month.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
