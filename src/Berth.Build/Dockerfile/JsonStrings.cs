using System.Text;
using System.Text.Json;

namespace Berth.Build.Dockerfile;

/// <summary>The JSON array of an exec form.</summary>
internal static class JsonStrings
{
    /// <summary>False: the text is no JSON array and means something else (a shell's command, a path).</summary>
    /// <exception cref="DockerfileException">It is an array, but not one of strings.</exception>
    public static bool TryParse(string text, out List<string> strings)
    {
        strings = [];
        if (!text.StartsWith('['))
        {
            return false;
        }

        bool onlyStrings = true;
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                onlyStrings &= reader.TokenType == JsonTokenType.String;
                if (reader.TokenType == JsonTokenType.String)
                {
                    strings.Add(reader.GetString()!);
                }

                reader.Skip();
            }

            // Past the end: throws where anything but blanks follows.
            while (reader.Read())
            {
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half of a surrogate pair as \uD800.
            return false;
        }

        return onlyStrings ? true : throw DockerfileException.Syntax("when using JSON array syntax, arrays must be comprised of strings only");
    }
}
