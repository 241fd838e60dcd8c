using System.Text.Json;
using OpenAI.Chat;

namespace Informer.Ai.Tests.Unit.Simulator;

[Collection(SimulatorCollection.Name)]
public sealed class SchemaTests(SimulatorFixture simulator)
{
    private const string Schema =
        """
        {
          "type": "object",
          "properties": {
            "title": { "type": "string", "maxLength": 9 },
            "kind": { "enum": ["note", "task"] },
            "version": { "const": 2 },
            "share": { "type": "number", "exclusiveMinimum": 0.5, "exclusiveMaximum": 0.75, "multipleOf": 0.25 },
            "score": { "type": "integer", "minimum": 7, "maximum": 9 },
            "below": { "type": "integer", "maximum": -5 },
            "due": { "type": ["null", "string"], "format": "date" },
            "owner": { "anyOf": [ { "type": "null" }, { "$ref": "#/$defs/person" } ] },
            "tags": { "type": "array", "items": { "type": "string", "minLength": 20 }, "minItems": 2 },
            "pair": { "type": "array", "prefixItems": [ { "type": "boolean" }, { "type": "null" } ] },
            "both": { "allOf": [ { "$ref": "#/$defs/person" }, { "properties": { "age": { "type": "integer" } } } ] }
          },
          "required": ["title", "kind"],
          "additionalProperties": false,
          "$defs": {
            "person": {
              "type": "object",
              "properties": {
                "name": { "type": "string" },
                "friends": { "type": "array", "items": { "$ref": "#/$defs/person" } }
              },
              "required": ["name", "friends"]
            }
          }
        }
        """;

    [Fact]
    public async Task A_schema_gets_a_document_that_fits_it()
    {
        var options = new ChatCompletionOptions
        {
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("card", BinaryData.FromString(Schema), jsonSchemaIsStrict: true),
        };
        ChatCompletion answer = await simulator.Chat.CompleteChatAsync([new UserChatMessage("Make a card")], options);

        using var document = JsonDocument.Parse(answer.Content[0].Text);
        var card = document.RootElement;
        Assert.Equal("Sample ti", card.GetProperty("title").GetString());
        Assert.Equal("note", card.GetProperty("kind").GetString());
        Assert.Equal(2, card.GetProperty("version").GetInt32());
        Assert.InRange(card.GetProperty("score").GetInt32(), 7, 9);
        Assert.True(card.GetProperty("below").GetInt32() <= -5);
        Assert.True(DateOnly.TryParseExact(card.GetProperty("due").GetString(), "yyyy-MM-dd", out _));
        Assert.Equal("Sample name", card.GetProperty("owner").GetProperty("name").GetString());
        Assert.All(card.GetProperty("tags").EnumerateArray(), tag => Assert.True(tag.GetString()!.Length >= 20));
        Assert.Equal(2, card.GetProperty("tags").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, card.GetProperty("pair")[1].ValueKind);
        Assert.Equal(JsonValueKind.Number, card.GetProperty("both").GetProperty("age").ValueKind);
        Assert.Equal(JsonValueKind.String, card.GetProperty("both").GetProperty("name").ValueKind);
    }

    [Fact]
    public async Task A_schema_that_only_refers_to_itself_still_ends()
    {
        var options = new ChatCompletionOptions
        {
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat(
                "loop", BinaryData.FromString("""{"type":"object","properties":{"next":{"$ref":"#"}},"required":["next"]}""")),
        };

        ChatCompletion answer = await simulator.Chat.CompleteChatAsync([new UserChatMessage("Go round")], options);

        JsonDocument.Parse(answer.Content[0].Text).Dispose();
    }

    [Fact]
    public async Task Any_json_is_an_object()
    {
        var options = new ChatCompletionOptions { ResponseFormat = ChatResponseFormat.CreateJsonObjectFormat() };

        ChatCompletion answer = await simulator.Chat.CompleteChatAsync([new UserChatMessage("As JSON")], options);

        using var document = JsonDocument.Parse(answer.Content[0].Text);
        Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
    }
}
