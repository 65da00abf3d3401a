namespace Berth.Build.Dockerfile;

/// <summary>
/// Reads parser directives. They stand before everything else, also before other comments and empty lines; the first line that is none ends them, and
/// what looks like one afterwards is a comment. Each may stand once.
/// </summary>
internal sealed class DirectiveReader
{
    private readonly List<ParserDirective> _found = [];
    private bool _isOver;

    public IReadOnlyList<ParserDirective> Found => _found;

    public ParserDirective? Read(string line, int number)
    {
        // "#!/usr/bin/env docker…" may stand above.
        if (number == 1 && line.StartsWith("#!", StringComparison.Ordinal))
        {
            return null;
        }

        if (_isOver || !line.StartsWith('#') || Parse(line[1..]) is not (string name, string value))
        {
            _isOver = true;
            return null;
        }

        if (_found.Any(d => d.Name == name))
        {
            throw DockerfileException.Syntax($"only one {name} parser directive can be used");
        }

        var directive = new ParserDirective(name, value, number);
        _found.Add(directive);
        return directive;
    }

    /// <summary>"name = value" with a known name; null for any other text.</summary>
    internal static (string Name, string Value)? Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            return null;
        }

        string name = text[..equals].Trim().ToLowerInvariant();
        string value = text[(equals + 1)..].Trim();
        bool isKnown = name is ParserDirective.Syntax or ParserDirective.Escape or ParserDirective.Check;
        return isKnown && value.Length > 0 ? (name, value) : null;
    }
}
