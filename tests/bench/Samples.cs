using System.Globalization;

namespace Informer.Ai;

/// <summary>Times of the same work, in milliseconds. Filled by many threads, read when they are done.</summary>
internal sealed class Samples
{
    private readonly Lock _gate = new();
    private readonly List<double> _milliseconds = [];
    private bool _sorted;

    public int Count => _milliseconds.Count;

    public double P50 => At(0.50);

    public double P99 => At(0.99);

    public void Add(TimeSpan time)
    {
        lock (_gate)
        {
            _milliseconds.Add(time.TotalMilliseconds);
            _sorted = false;
        }
    }

    /// <summary>All samples of several rounds.</summary>
    public static Samples Of(IEnumerable<Samples> rounds)
    {
        var all = new Samples();
        all._milliseconds.AddRange(rounds.SelectMany(round => round._milliseconds));
        return all;
    }

    private double At(double quantile)
    {
        if (!_sorted)
        {
            _milliseconds.Sort();
            _sorted = true;
        }

        return _milliseconds[(int)Math.Min(_milliseconds.Count - 1, quantile * _milliseconds.Count)];
    }
}

/// <summary>Numbers of rounds, and how they are written.</summary>
internal static class Figures
{
    public static double Median(this IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>
    /// The median of the rounds' ratios: both sides of a round ran one after the other, so what else the machine did
    /// meant much the same to both.
    /// </summary>
    public static double Ratio(IReadOnlyList<double> ours, IReadOnlyList<double> theirs) =>
        ours.Zip(theirs, (our, their) => our / their).Median();

    /// <summary>Three significant digits.</summary>
    public static string Text(this double value) => value switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("F1", CultureInfo.InvariantCulture),
        _ => value.ToString("F2", CultureInfo.InvariantCulture),
    };

    public static string Times(this double ratio) => $"{ratio.Text()}×";
}
