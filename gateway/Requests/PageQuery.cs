using Informer.Ai.Errors;

namespace Informer.Ai.Requests;

/// <summary>Which part of a list is asked for.</summary>
internal static class PageQuery
{
    /// <summary>A page's first index and size, from what the query says.</summary>
    /// <exception cref="RequestException">One is not a number or out of bounds.</exception>
    public static (int Start, int Limit) Read(
        string? start, string? limit, GatewayOptions limits, int limitAbsent, string startName = "start")
    {
        var faults = new List<Violation>();
        var first = Number(start, 0, int.MaxValue, 0, startName, faults);
        var size = Number(limit, 0, limits.PageMax, Math.Min(limitAbsent, limits.PageMax), "limit", faults);
        return faults.Count == 0
            ? (first, size)
            : throw new RequestException(400, faults[0].Message, ErrorCodes.Invalid, faults);
    }

    private static int Number(string? text, int min, int max, int absent, string name, List<Violation> faults)
    {
        if (string.IsNullOrEmpty(text))
        {
            return absent;
        }

        if (int.TryParse(text, out var number) && number >= min && number <= max)
        {
            return number;
        }

        faults.Add(new Violation(name, $"{name} must be a whole number from {min} to {max}."));
        return absent;
    }
}
