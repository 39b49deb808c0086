using System.Text.Json;
using AiRudder.Dashboard.Webhooks.Wire;

namespace AiRudder.Dashboard.Tests.Webhooks.Wire;

public sealed class WireJsonTests
{
    [Theory]
    [InlineData("é ü 测试 नमस्ते مرحبا 👍 𠮷 &<>'+", "\"é ü 测试 नमस्ते مرحبا 👍 𠮷 &<>'+\"")]
    [InlineData("\"\\\n\u0001", "\"\\\"\\\\\\n\\u0001\"")]
    public void Readable_WritesEveryScriptAsItself(string text, string json)
    {
        Assert.Equal(json, JsonSerializer.Serialize(text, WireJson.Readable));
        Assert.Equal(text, JsonSerializer.Deserialize<string>(json));
    }

    [Fact]
    public void Readable_OfHalfASurrogatePair_IsReadableJson()
    {
        foreach (var text in new[] { "\ud800", "a\udc00b", "\ud83d", "👍\ud83d👍", new string('x', 500) + "\ud83d" })
        {
            var read = JsonSerializer.Deserialize<string>(JsonSerializer.Serialize(text, WireJson.Readable));
            Assert.Equal(VendorText.Safe(text), read);
        }
    }
}
