using Informer.Ai.Simulator.Answers;

namespace Informer.Ai.Simulator.Images;

/// <summary>A small mirrored pattern in two colours that its prompt decides, so that two prompts can be told apart by eye.</summary>
internal static class Picture
{
    private const int Cells = 8;
    private const int CellPixels = 8;
    private const int Side = Cells * CellPixels;

    public static byte[] Of(string prompt, int number)
    {
        var seed = Seed.Of($"{prompt}\n{number}");
        var colours = Seed.Of($"{number}\n{prompt}");
        var rgb = new byte[Side * Side * 3];
        for (var pixel = 0; pixel < Side * Side; pixel++)
        {
            var (x, y) = (pixel % Side / CellPixels, pixel / Side / CellPixels);
            var half = Math.Min(x, Cells - 1 - x);
            var isFront = ((seed >> ((y * Cells / 2) + half)) & 1) == 1;
            var colour = isFront ? colours : ~colours;
            rgb[pixel * 3] = (byte)colour;
            rgb[(pixel * 3) + 1] = (byte)(colour >> 8);
            rgb[(pixel * 3) + 2] = (byte)(colour >> 16);
        }

        return Png.Encode(Side, Side, rgb);
    }
}
