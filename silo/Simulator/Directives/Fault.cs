using System.Collections.Frozen;

namespace Informer.Ai.Simulator.Directives;

/// <summary>The ways in which the simulator misbehaves. <see cref="Faults"/> has their names, README.md what each does.</summary>
internal enum Fault
{
    None,
    HangBeforeHeaders,
    Hang,
    Slow,
    Drip,
    Endless,
    Reset,
    ResetBeforeHeaders,
    NoDone,
    ErrorWithOk,
    Status,
    TruncatedJson,
    CutLine,
    InvalidUtf8,
    LineBreaks,
    BigToken,
    UsageMissing,
    UsageNegative,
    UsageHuge,
    UsageNaN,
    UsageTwice,
    UsageOnlyAtEnd,
    UsageInFinish,
    UsageInEachChunk,
    UsageZero,
    Redirect,
    ErrorMidStream,
    ContentFilter,
    Length,
}

internal static class Faults
{
    public static readonly FrozenDictionary<string, Fault> ByName = new Dictionary<string, Fault>
    {
        ["hang-before-headers"] = Fault.HangBeforeHeaders,
        ["hang"] = Fault.Hang,
        ["slow"] = Fault.Slow,
        ["drip"] = Fault.Drip,
        ["endless"] = Fault.Endless,
        ["reset"] = Fault.Reset,
        ["reset-before-headers"] = Fault.ResetBeforeHeaders,
        ["no-done"] = Fault.NoDone,
        ["error-200"] = Fault.ErrorWithOk,
        ["status"] = Fault.Status,
        ["truncated-json"] = Fault.TruncatedJson,
        ["cut-line"] = Fault.CutLine,
        ["invalid-utf8"] = Fault.InvalidUtf8,
        ["crlf"] = Fault.LineBreaks,
        ["big-token"] = Fault.BigToken,
        ["usage-missing"] = Fault.UsageMissing,
        ["usage-negative"] = Fault.UsageNegative,
        ["usage-huge"] = Fault.UsageHuge,
        ["usage-nan"] = Fault.UsageNaN,
        ["usage-twice"] = Fault.UsageTwice,
        ["usage-only-at-end"] = Fault.UsageOnlyAtEnd,
        ["usage-in-finish"] = Fault.UsageInFinish,
        ["usage-each"] = Fault.UsageInEachChunk,
        ["usage-zero"] = Fault.UsageZero,
        ["redirect"] = Fault.Redirect,
        ["error-mid-stream"] = Fault.ErrorMidStream,
        ["content-filter"] = Fault.ContentFilter,
        ["length"] = Fault.Length,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<Fault, string> Names = ByName.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>The name that the log shows, or null when nothing was wrong.</summary>
    public static string? Name(Fault fault) => fault == Fault.None ? null : Names[fault];
}
