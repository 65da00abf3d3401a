using System.Text;

using Berth.Build.Dockerfile;

namespace Berth.Build.Tests.Dockerfile;

/// <summary>Writes instructions as the result files of BuildKit's parser tests do: (keyword ["flag"] "argument").</summary>
internal static class SyntaxDump
{
    public static string Of(DockerfileSyntax syntax) => string.Concat(syntax.Instructions.Select(i => $"({Of(i)})\n"));

    private static string Of(InstructionNode node)
    {
        var parts = new List<string> { node.Keyword.ToLowerInvariant() };
        if (node.Flags.Count > 0)
        {
            parts.Add($"[{string.Join(' ', node.Flags.Select(Quote))}]");
        }

        parts.AddRange(node.Pairs.SelectMany(p => new[] { p.Key, p.Value, p.IsLegacy ? "" : "=" }).Concat(node.Arguments).Select(Quote));
        if (node.Trigger is not null)
        {
            parts.Add($"({Of(node.Trigger)})");
        }

        return string.Join(' ', parts);
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            quoted.Append(c switch { '"' => "\\\"", '\\' => "\\\\", '\n' => "\\n", '\t' => "\\t", '\r' => "\\r", '\b' => "\\b", '\f' => "\\f", '\0' => "\\x00", _ => c.ToString() });
        }

        return quoted.Append('"').ToString();
    }
}
