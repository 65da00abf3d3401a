using Berth.Oci.References;

namespace Berth.Fuzz.Targets;

/// <summary>References: what is taken prints as something that is read as the same.</summary>
internal sealed class ReferenceTarget : IFuzzTarget
{
    private static readonly string[] Pieces =
    [
        "a", "library", "docker.io", "index.docker.io", "localhost", "localhost:5000", "[::1]", "[::1]:80", "[fe80::1%eth0]", "reg.example.com", "REG.example.com", "A", "x_y", "x__y", "x___y", "x-y", "x--y", "x.y", "x..y", "-", ".", "_",
        "/", "//", ":", "@", ":latest", ":1.0", "@sha256:", "sha256", "@sha512:", new string('0', 64), new string('f', 64), new string('g', 64), new string('a', 63), new string('a', 255), new string('t', 128), new string('t', 129), ":0", ":65536",
        " ", "\n", "\0", "é", "\u200b", "\ud800", "%2f", "+", "http://", "?", "#", "..", "~",
    ];

    public string Name => "reference";

    public void Try(Random random)
    {
        string text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => Pieces[random.Next(Pieces.Length)]));
        if (random.Next(4) == 0 && text.Length > 0)
        {
            int at = random.Next(text.Length);
            text = $"{text[..at]}{(char)random.Next(random.Next(2) == 0 ? 128 : 0x10000)}{text[(at + 1)..]}";
        }

        try
        {
            Check(text);
        }
        catch (Exception e) when (e is not FuzzFailure)
        {
            throw FuzzFailure.Undeclared($"\"{text}\"", e);
        }
    }

    public void Dispose()
    {
    }

    private static void Check(string text)
    {
        bool isOne = ImageReference.TryParse(text, out ImageReference? reference);
        try
        {
            if (!ImageReference.Parse(text).Equals(reference))
            {
                throw new FuzzFailure($"\"{text}\" is read in two ways");
            }
        }
        catch (FormatException)
        {
            if (isOne)
            {
                throw new FuzzFailure($"\"{text}\" is taken and refused");
            }

            return;
        }

        foreach (string printed in (string[])[reference!.ToString(), reference.Familiar])
        {
            if (!ImageReference.TryParse(printed, out ImageReference? again) || !again.Equals(reference) || again.ToString() != reference.ToString())
            {
                throw new FuzzFailure($"\"{text}\" prints as \"{printed}\", which is read as \"{again}\"");
            }
        }

        if (reference.Path.Length > 255 || reference.Tag?.Length > 128 || reference.ToString().AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new FuzzFailure($"\"{text}\" is taken, and too long or of other characters: {reference}");
        }
    }
}
