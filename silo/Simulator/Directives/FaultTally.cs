namespace Informer.Ai.Simulator.Directives;

/// <summary>Counts how often a text has met its fault, so that <c>times=N</c> can end it: a retry is the same text again.</summary>
internal sealed class FaultTally
{
    private const int TextsMax = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, int> _met = [];

    public bool IsSpent(ulong text, int times)
    {
        lock (_lock)
        {
            var met = _met.GetValueOrDefault(text);
            if (met >= times)
            {
                return true;
            }

            if (_met.Count >= TextsMax)
            {
                _met.Clear();
            }

            _met[text] = met + 1;
            return false;
        }
    }
}
