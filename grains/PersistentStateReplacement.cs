namespace Informer.Ai;

/// <summary>Changes grain state so that nobody sees what is not stored.</summary>
internal static class PersistentStateReplacement
{
    /// <summary>Writes the next state; if that fails, nobody can tell what is stored, so the activation must end.</summary>
    public static async Task Replace<T>(this IPersistentState<T> state, T next, Action deactivate)
    {
        var before = state.State;
        state.State = next;
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            state.State = before;
            deactivate();
            throw;
        }
    }
}
