using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using OpenAI.Images;

namespace Informer.Ai.Tests.Unit.Simulator;

[Collection(SimulatorCollection.Name)]
public sealed class ImageTests(SimulatorFixture simulator)
{
    private ImageClient Client => simulator.Sdk.GetImageClient("sim-image");

    [Fact]
    public async Task An_image_is_a_png_that_a_reader_can_read()
    {
        GeneratedImage image = await Client.GenerateImageAsync("A red boat");
        var file = image.ImageBytes.ToArray();

        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        var chunks = Chunks(file);
        Assert.Equal(["IHDR", "IDAT", "IEND"], chunks.Select(chunk => chunk.Type));
        var width = BinaryPrimitives.ReadInt32BigEndian(chunks[0].Data);
        var height = BinaryPrimitives.ReadInt32BigEndian(chunks[0].Data.AsSpan(4));
        Assert.Equal(height * (1 + (width * 3)), Inflate(chunks[1].Data).Length);
    }

    [Fact]
    public async Task Several_images_differ_and_come_back_the_same()
    {
        GeneratedImageCollection first = await Client.GenerateImagesAsync("A boat", 3);
        GeneratedImageCollection second = await Client.GenerateImagesAsync("A boat", 3);

        Assert.Equal(3, first.Select(image => Convert.ToBase64String(image.ImageBytes.ToArray())).Distinct().Count());
        Assert.Equal(first.Select(image => image.ImageBytes.ToArray()), second.Select(image => image.ImageBytes.ToArray()));
    }

    [Fact]
    public async Task The_usage_of_images_is_in_tokens()
    {
        using var response = await simulator.PostAsync("/images/generations", new { model = "sim-image", prompt = "A boat", n = 3 });

        Assert.Contains("\"input_tokens\":2,\"output_tokens\":816,", await response.Content.ReadAsStringAsync());
    }

    private static List<(string Type, byte[] Data)> Chunks(byte[] file)
    {
        var chunks = new List<(string, byte[])>();
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var body = file.AsSpan(at + 4, 4 + length);
            Assert.Equal(Crc(body), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            chunks.Add((Encoding.ASCII.GetString(body[..4]), body[4..].ToArray()));
            at += 12 + length;
        }

        return chunks;
    }

    /// <summary>Bit by bit and without a table, so that it shares no mistake with the encoder.</summary>
    private static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var carry = ((crc ^ (uint)(value >> bit)) & 1) == 1;
                crc >>= 1;
                crc ^= carry ? 0xEDB88320 : 0;
            }
        }

        return ~crc;
    }

    private static byte[] Inflate(byte[] data)
    {
        using var zlib = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
        using var raw = new MemoryStream();
        zlib.CopyTo(raw);
        return raw.ToArray();
    }
}
