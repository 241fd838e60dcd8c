using System.Globalization;
using System.Text;

namespace Informer.Ai.Simulator.Directives;

/// <summary>A text taken apart: the directive in it, what is left without it, and what was wrong with it if anything.</summary>
internal readonly record struct DirectiveReading(Directive Directive, string Text, string? Mistake)
{
    private const string Sign = "#sim";

    /// <summary>Reads the directive of a message over the one of the header.</summary>
    public static DirectiveReading Of(string? header, string message)
    {
        var directive = Directive.None;
        string? mistake = null;
        if (header is not null)
        {
            Apply(new DirectiveLine(header, 0), ref directive, ref mistake);
        }

        if (!message.Contains(Sign, StringComparison.Ordinal))
        {
            return new(directive, message, mistake);
        }

        var rest = new StringBuilder(message.Length);
        var kept = 0;
        for (var at = message.IndexOf(Sign, StringComparison.Ordinal); at >= 0;
             at = message.IndexOf(Sign, Math.Max(at + Sign.Length, kept), StringComparison.Ordinal))
        {
            // "#simple" and a lone "#sim" are words like any other.
            var end = Apply(new DirectiveLine(message, at + Sign.Length), ref directive, ref mistake);
            if (end is { } past)
            {
                rest.Append(message, kept, at - kept);
                kept = past;
            }
        }

        rest.Append(message, kept, message.Length - kept);
        return new(directive, rest.ToString().Trim(), mistake);
    }

    /// <summary>The position after the line, or null when it held no pair.</summary>
    private static int? Apply(DirectiveLine line, ref Directive directive, ref string? mistake)
    {
        int? end = null;
        while (line.Next(out var key, out var value))
        {
            end = line.At;
            if (With(directive, key, value) is { } next)
            {
                directive = next;
            }
            else
            {
                mistake ??= $"The simulator does not understand '{key}={value}'.";
            }
        }

        return end;
    }

    private static Directive? With(Directive d, string key, string value) => key switch
    {
        "say" => d with { Say = value },
        "tool" => d with { Tool = value },
        "args" => d with { Args = value },
        "on" => d with { On = value },
        "mark" => d with { Mark = value },
        "error" => d with { Error = value },
        "fault" => Faults.ByName.TryGetValue(value, out var fault) ? d with { Fault = fault } : null,
        _ => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? With(d, key, number) : null,
    };

    private static Directive? With(Directive d, string key, long number) => (key, number) switch
    {
        ("tokens", _) => d with { Tokens = number },
        ("value", _) => d with { Value = number },
        (_, > int.MaxValue) => null,
        ("delay", _) => d with { Delay = TimeSpan.FromMilliseconds(number) },
        ("first", _) => d with { First = TimeSpan.FromMilliseconds(number) },
        ("calls", _) => d with { Calls = (int)number },
        ("reasoning", _) => d with { Reasoning = (int)number },
        ("cached", _) => d with { Cached = (int)number },
        ("after", _) => d with { After = (int)number },
        ("times", _) => d with { Times = (int)number },
        ("code", >= 400 and <= 599) => d with { Code = (int)number },
        ("retry-after", _) => d with { RetryAfter = (int)number },
        ("size", _) => d with { Size = (int)number },
        _ => null,
    };
}
