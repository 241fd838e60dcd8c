using System.Text;

namespace Informer.Ai.Simulator.Directives;

/// <summary>Walks over the <c>key=value</c> pairs of one line.</summary>
internal struct DirectiveLine(string text, int at)
{
    /// <summary>The position after the last pair read.</summary>
    public int At { get; private set; } = at;

    public bool Next(out string key, out string value)
    {
        (key, value) = ("", "");
        var start = At;
        while (start < text.Length && text[start] is ' ' or '\t')
        {
            start++;
        }

        var equals = start;
        while (equals < text.Length && (char.IsAsciiLetterLower(text[equals]) || text[equals] == '-'))
        {
            equals++;
        }

        // A pair stands apart from what is before it, or "#simfault=hang" would be one.
        if ((start == At && At > 0) || equals == start || equals == text.Length || text[equals] != '=')
        {
            return false;
        }

        key = text[start..equals];
        At = equals + 1;
        value = At < text.Length ? ReadValue() : "";
        return true;
    }

    private string ReadValue() => text[At] switch
    {
        '"' => ReadQuoted(),
        '{' or '[' => ReadJson(),
        _ => ReadWord(),
    };

    private string ReadWord()
    {
        var start = At;
        while (At < text.Length && !char.IsWhiteSpace(text[At]))
        {
            At++;
        }

        return text[start..At];
    }

    private string ReadQuoted()
    {
        var value = new StringBuilder();
        for (At++; At < text.Length && text[At] != '"'; At++)
        {
            if (text[At] != '\\' || At + 1 == text.Length)
            {
                value.Append(text[At]);
                continue;
            }

            At++;
            value.Append(text[At] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', var other => other });
        }

        At = Math.Min(At + 1, text.Length);
        return value.ToString();
    }

    private string ReadJson()
    {
        var start = At;
        var depth = 0;
        var quoted = false;
        for (; At < text.Length; At++)
        {
            var c = text[At];
            if (quoted)
            {
                At += c == '\\' ? 1 : 0;
                quoted = c != '"';
                continue;
            }

            quoted = c == '"';
            depth += c is '{' or '[' ? 1 : c is '}' or ']' ? -1 : 0;
            if (depth == 0)
            {
                At++;
                break;
            }
        }

        At = Math.Min(At, text.Length);
        return text[start..At];
    }
}
