namespace Informer.Ai.Models;

/// <summary>Schemas that callers bring: what they refuse in answers, and what is refused of them.</summary>
public class ObjectSchemaTests
{
    private const string Person =
        """{ "$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "properties": { "name": { "$ref": "#/definitions/text" } }, "required": ["name"], "additionalProperties": false, "definitions": { "text": { "type": "string", "pattern": "^[a-z]+$" } } }""";

    [Theory]
    [InlineData("""{ "name": "ann" }""")]
    [InlineData("```json\n{ \"name\": \"ann\" }\n```")]
    public void What_fits_is_taken(string answer) => Assert.Equal("""{ "name": "ann" }""", Schema(Person).Check(answer).Json!.Trim());

    [Theory]
    [InlineData("ann", "not JSON")]
    [InlineData("""{ "name": 5 }""", "/name")]
    [InlineData("""{ "name": "ANN" }""", "/name")]
    [InlineData("{}", "name")]
    [InlineData("""{ "name": "ann", "age": 5 }""", "/age")]
    [InlineData("[]", "the value")]
    public void What_does_not_fit_is_described(string answer, string part)
    {
        var (json, fault) = Schema(Person).Check(answer);

        Assert.Null(json);
        Assert.Contains(part, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "type": "array", "prefixItems": [{ "type": "string" }], "items": { "type": "integer" }, "minItems": 2 }""", """["a", 1]""", true)]
    [InlineData("""{ "type": "array", "prefixItems": [{ "type": "string" }], "items": { "type": "integer" }, "minItems": 2 }""", """["a", "b"]""", false)]
    [InlineData("""{ "$defs": { "node": { "type": "object", "properties": { "children": { "type": "array", "items": { "$ref": "#/$defs/node" } } }, "required": ["children"] } }, "$ref": "#/$defs/node" }""", """{ "children": [{ "children": [] }] }""", true)]
    [InlineData("""{ "$defs": { "node": { "type": "object", "properties": { "children": { "type": "array", "items": { "$ref": "#/$defs/node" } } }, "required": ["children"] } }, "$ref": "#/$defs/node" }""", """{ "children": [{}] }""", false)]
    [InlineData("""{ "x-unknown": 5, "type": "integer" }""", "5", true)]
    public void The_keywords_of_the_standard_are_checked(string schema, string answer, bool fits) =>
        Assert.Equal(fits, Schema(schema).Check(answer).Json is not null);

    [Theory]
    [InlineData("""{ "$ref": "#" }""")]
    [InlineData("""{ "allOf": [{ "$ref": "#/$defs/a" }], "$defs": { "a": { "anyOf": [{ "$ref": "#/$defs/b" }] }, "b": { "not": { "$ref": "#/$defs/a" } } } }""")]
    [InlineData("""{ "$dynamicRef": "#x", "$dynamicAnchor": "x" }""")]
    [InlineData("""{ "properties": { "a": { "$id": "https://example.com/a" } } }""")]
    [InlineData("""{ "$ref": "other.json" }""")]
    [InlineData("""{ "$ref": 5 }""")]
    [InlineData("""{ "type": "string", "pattern": "(?=a)b" }""")]
    [InlineData("""{ "if": { "required": ["a"] }, "then": { "required": ["b"] } }""")]
    [InlineData("""{ "patternProperties": { "^(a+)+$": {} } }""")]
    [InlineData("""{ "properties": 5 }""")]
    [InlineData("""{ "properties": { "a": [1] } }""")]
    [InlineData("""{ "type": "string", "pattern": 5 }""")]
    public void A_schema_that_could_not_be_checked_safely_is_refused(string schema)
    {
        var (read, fault) = ObjectSchema.Read(schema);

        Assert.Null(read);
        Assert.NotEmpty(fault!);
    }

    [Fact]
    public void A_pattern_cannot_take_exponential_time()
    {
        var schema = Schema("""{ "type": "string", "pattern": "^(a+)+$" }""");

        Assert.Null(schema.Check($"\"{new string('a', 5_000)}!\"").Json);
    }

    [Fact]
    public void A_schema_that_doubles_at_each_step_is_not_evaluated()
    {
        var definitions = string.Join(',', Enumerable.Range(0, 14).Select(step =>
            $$"""
            "s{{step}}": { "anyOf": [{ "properties": { "a": { "$ref": "#/$defs/s{{step + 1}}" } } }, { "properties": { "a": { "$ref": "#/$defs/s{{step + 1}}" }, "b": false } }] }
            """));
        var schema = Schema($$"""{ "$ref": "#/$defs/s0", "$defs": { {{definitions}}, "s14": { "properties": { "a": { "$ref": "#/$defs/s0" } } } } }""");
        var deep = string.Concat(Enumerable.Repeat("""{ "a": """, 30)) + "1" + new string('}', 30);

        Assert.NotNull(schema.Check("""{ "a": { "a": 1 } }""").Json);
        Assert.Contains("too deeply", schema.Check(deep).Fault, StringComparison.Ordinal);
    }

    private static ObjectSchema Schema(string text)
    {
        var (schema, fault) = ObjectSchema.Read(text);
        Assert.True(schema is not null, fault);
        return schema;
    }
}
