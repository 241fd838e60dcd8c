using System.Buffers.Text;

namespace Informer.Ai.Chats;

/// <summary>Where the content of a file part is.</summary>
internal static class FileUrl
{
    private const string Data = "data:";
    private const string Base64Mark = ";base64,";

    /// <summary>It carries its data, or is an address that a provider can read.</summary>
    public static bool IsSound(string url)
    {
        if (!url.StartsWith(Data, StringComparison.OrdinalIgnoreCase))
        {
            return Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "https" or "http";
        }

        var mark = url.IndexOf(Base64Mark, StringComparison.OrdinalIgnoreCase);
        return mark >= Data.Length && !url.AsSpan(0, mark).Contains(',') && Base64.IsValid(url.AsSpan(mark + Base64Mark.Length));
    }
}
