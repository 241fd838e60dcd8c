using Informer.Ai.Models;

namespace Informer.Ai.Chats;

/// <summary>A chat's name as a model has written it.</summary>
internal static class ChatName
{
    private const int CharactersMax = 80;

    /// <summary>The first line without what models put around a title; null when nothing is left.</summary>
    public static string? Of(string answer)
    {
        var line = answer.Split('\n').Select(text => text.Trim(' ', '\t', '\r', '"', '\'', '*', '#', '`', '“', '”', '„', '«', '»'))
            .FirstOrDefault(text => text.Length > 0);
        var name = line?[..TokenCounter.PieceOf(line, CharactersMax)].TrimEnd('.', ' ');
        return string.IsNullOrEmpty(name) ? null : name;
    }
}
