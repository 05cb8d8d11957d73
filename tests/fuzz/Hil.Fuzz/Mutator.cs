namespace Hil.Fuzz;

/// <summary>Seeded damage to a file: flipped bits, cuts, repeats, extreme numbers, strangers' pieces.</summary>
public static class Mutator
{
    private static readonly ulong[] Extremes = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x7fff_ffff_ffff_ffff, ulong.MaxValue];

    private static readonly string[] Tokens = ["-1", "0", "1e999", "null", "{}", "[]", "\"\"", "NaN", "99999999999999999999", "\u0000", "true"];

    public static byte[] Mutate(byte[] seed, byte[] other, Random random)
    {
        var bytes = new List<byte>(seed);
        int changes = random.Next(1, 5);
        for (int change = 0; change < changes && bytes.Count > 0; change++)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, random.Next(0, Math.Min(64, bytes.Count - at) + 1));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 64), bytes.Count - at)));
                    break;
                case 4:
                    ulong extreme = Extremes[random.Next(Extremes.Length)];
                    for (int i = 0; i < 8 && at + i < bytes.Count; i++)
                    {
                        bytes[at + i] = (byte)((extreme >> (8 * i)) & 0xff);
                    }

                    break;
                case 5:
                    bytes.InsertRange(at, System.Text.Encoding.ASCII.GetBytes(Tokens[random.Next(Tokens.Length)]));
                    break;
                default:
                    int from = random.Next(other.Length);
                    bytes.InsertRange(at, other[from..Math.Min(other.Length, from + random.Next(1, 256))]);
                    break;
            }
        }

        return random.Next(8) == 0 ? [.. bytes.Take(random.Next(bytes.Count + 1))] : [.. bytes];
    }
}
