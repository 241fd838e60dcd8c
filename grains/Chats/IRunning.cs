namespace Informer.Ai.Chats;

/// <summary>Something that costs while it runs, and that a stopping process can cut.</summary>
internal interface IRunning
{
    /// <summary>Stops it because the process ends. May be called from any thread.</summary>
    void Cut();
}
