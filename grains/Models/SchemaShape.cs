using System.Text.Json;

namespace Informer.Ai.Models;

/// <summary>
/// How the parts of a JSON Schema lead to one another, as far as it decides what an evaluation costs: which parts
/// look at the same value again, and which at a value inside it.
/// </summary>
internal sealed class SchemaShape
{
    /// <summary>A value that nests deeper is not looked at.</summary>
    public const int ValueDepthMax = 32;

    private const int PartsMax = 5_000;
    private const int ChainMax = 16;
    private const long WorkMax = 5_000_000;

    private static readonly string[] SameOne = ["not"];
    private static readonly string[] SameMany = ["allOf", "anyOf", "oneOf"];
    private static readonly string[] SameNamed = ["dependentSchemas"];
    private static readonly string[] InnerOne =
        ["additionalProperties", "items", "contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties"];
    private static readonly string[] InnerMany = ["prefixItems"];
    private static readonly string[] InnerNamed = ["properties"];
    private static readonly string[] Elsewhere = ["$defs", "definitions"];
    private static readonly string[] Refused = ["$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor", "$anchor", "$vocabulary"];

    private readonly List<Part> _parts = [];
    private readonly Dictionary<string, int> _places = [];
    private string? _fault;

    private SchemaShape()
    {
    }

    /// <summary>The shape; null with the reason for a schema that is not evaluated here.</summary>
    public static SchemaShape? Read(JsonElement schema, out string? fault)
    {
        var shape = new SchemaShape();
        shape.Add(schema, "#");
        shape.Follow();
        fault = shape._fault;
        return fault is null ? shape : null;
    }

    /// <summary>Whether the work of evaluating this value stays within bounds.</summary>
    public bool Affords(JsonElement value)
    {
        var work = new long[_parts.Count];
        var depth = DepthOf(value);
        for (var level = 0; level <= depth; level++)
        {
            var inner = work;
            work = new long[_parts.Count];
            for (var part = 0; part < work.Length; part++)
            {
                _ = WorkOf(part, inner, work);
            }
        }

        return work[0] * CountOf(value) <= WorkMax;
    }

    private long WorkOf(int part, long[] inner, long[] work)
    {
        if (work[part] == 0)
        {
            var sum = 1 + _parts[part].Inner.Sum(child => inner[child]) + _parts[part].Same.Sum(other => WorkOf(other, inner, work));
            work[part] = Math.Min(sum, WorkMax + 1);
        }

        return work[part];
    }

    private int Add(JsonElement schema, string place)
    {
        var part = new Part();
        var number = _parts.Count;
        _parts.Add(part);
        _places[place] = number;
        if (number >= PartsMax)
        {
            _fault = $"A schema has at most {PartsMax} parts.";
        }

        if (_fault is not null || schema.ValueKind != JsonValueKind.Object)
        {
            return number;
        }

        if (Refused.FirstOrDefault(word => schema.TryGetProperty(word, out _)) is { } refused)
        {
            _fault = $"{refused} is not supported: refer with $ref to a place in this schema.";
            return number;
        }

        if (schema.TryGetProperty("if", out _))
        {
            _fault = "if is not supported: use anyOf with a schema for each case.";
            return number;
        }

        if (schema.TryGetProperty("patternProperties", out _))
        {
            _fault = "patternProperties is not supported: use properties, or propertyNames with additionalProperties.";
            return number;
        }

        if (number > 0 && schema.TryGetProperty("$id", out _))
        {
            _fault = "$id is only supported at the root.";
            return number;
        }

        if (schema.TryGetProperty("$ref", out var to))
        {
            part.Refers = to.ValueKind == JsonValueKind.String ? Uri.UnescapeDataString(to.GetString()!) : "";
        }

        part.Same.AddRange(Children(schema, place, SameOne, SameMany, SameNamed));
        part.Inner.AddRange(Children(schema, place, InnerOne, InnerMany, InnerNamed));
        _ = Children(schema, place, [], [], Elsewhere);
        return number;
    }

    private List<int> Children(JsonElement schema, string place, string[] one, string[] many, string[] named)
    {
        List<int> found = [];
        foreach (var keyword in schema.EnumerateObject())
        {
            var at = $"{place}/{keyword.Name}";
            if (many.Contains(keyword.Name) && keyword.Value.ValueKind == JsonValueKind.Array)
            {
                var index = 0;
                found.AddRange(keyword.Value.EnumerateArray().Select(child => Add(child, $"{at}/{index++}")));
            }
            else if (named.Contains(keyword.Name) && keyword.Value.ValueKind == JsonValueKind.Object)
            {
                found.AddRange(keyword.Value.EnumerateObject().Select(child => Add(child.Value, $"{at}/{Escaped(child.Name)}")));
            }
            else if (one.Contains(keyword.Name))
            {
                found.Add(Add(keyword.Value, at));
            }
        }

        return found;
    }

    // What a reference leads to looks at the same value; a chain of such looks has to end.
    private void Follow()
    {
        foreach (var part in _parts.Where(part => part.Refers is not null && _fault is null))
        {
            if (_places.TryGetValue(part.Refers!, out var target))
            {
                part.Same.Add(target);
            }
            else
            {
                _fault = $"$ref leads nowhere: only # and places such as #/$defs/name can be referred to.";
            }
        }

        for (var start = 0; start < _parts.Count && _fault is null; start++)
        {
            if (Chain(start, []) > ChainMax)
            {
                _fault = $"References and alternatives lead to each other without end, or over more than {ChainMax} steps.";
            }
        }
    }

    private int Chain(int number, HashSet<int> above)
    {
        var part = _parts[number];
        if (part.Chain == 0)
        {
            part.Chain = above.Count <= ChainMax && above.Add(number)
                ? 1 + part.Same.Select(other => Chain(other, above)).DefaultIfEmpty(0).Max()
                : ChainMax + 1;
            above.Remove(number);
        }

        return part.Chain;
    }

    private static int DepthOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => 1 + value.EnumerateObject().Select(child => DepthOf(child.Value)).DefaultIfEmpty(0).Max(),
        JsonValueKind.Array => 1 + value.EnumerateArray().Select(DepthOf).DefaultIfEmpty(0).Max(),
        _ => 0,
    };

    private static long CountOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => 1 + value.EnumerateObject().Sum(child => CountOf(child.Value)),
        JsonValueKind.Array => 1 + value.EnumerateArray().Sum(CountOf),
        _ => 1,
    };

    private static string Escaped(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private sealed class Part
    {
        public List<int> Same { get; } = [];

        public List<int> Inner { get; } = [];

        public string? Refers { get; set; }

        /// <summary>The longest way through parts that look at the same value; 0 while it is not known.</summary>
        public int Chain { get; set; }
    }
}
