using System.Text;

namespace Berth.Build.Dockerfile;

/// <summary>Cuts a file into instructions: joins continued lines, drops comments, takes in here-documents.</summary>
public sealed class SyntaxReader
{
    private readonly SourceFile _source;
    private readonly DirectiveReader _directives = new();
    private readonly List<InstructionNode> _instructions = [];
    private readonly List<int> _emptyContinuations = [];
    private List<string> _comments = [];
    private char _escape = EscapeToken.Default;
    private int _next;

    private SyntaxReader(SourceFile source) => _source = source;

    /// <exception cref="DockerfileException">Where the file is wrong, with its place.</exception>
    public static DockerfileSyntax Read(SourceFile source)
    {
        var reader = new SyntaxReader(source);
        while (reader._next < source.Lines.Count)
        {
            int first = reader._next + 1;
            try
            {
                reader.ReadInstruction();
            }
            catch (DockerfileException e)
            {
                throw e.At(source, new LineRange(first, Math.Max(first, reader._next)));
            }
        }

        if (reader._instructions.Count == 0)
        {
            string reason = source.Text.Length == 0 ? "the Dockerfile cannot be empty" : "file with no instructions";
            throw DockerfileException.Syntax(reason).At(source, new LineRange(source.Lines.Count, source.Lines.Count));
        }

        return new DockerfileSyntax(source, reader._escape, reader._directives.Found, reader._instructions, reader._emptyContinuations);
    }

    // Reads one instruction or one line that is none.
    private void ReadInstruction()
    {
        string line = NextLine().TrimStart();
        int first = _next;
        ReadDirective(line);
        if (line.StartsWith('#'))
        {
            return;
        }

        bool isContinued = EscapeToken.TryCutContinuation(line, _escape, out string part);
        if (!isContinued && part.Length == 0)
        {
            _comments = [];
            return;
        }

        string text = isContinued ? ReadContinuations(part) : part;
        if (text.Length > ParseLimits.InstructionLength)
        {
            throw DockerfileException.Syntax($"instruction is longer than {ParseLimits.InstructionLength} characters");
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            throw DockerfileException.Syntax($"unknown instruction: nothing but the continuation character {_escape}");
        }

        InstructionNode node = InstructionSplitter.Split(text, _escape);
        node = node with { Heredocs = ReadHeredocs(node, text), Comments = _comments };
        if (_instructions.Count >= ParseLimits.Instructions)
        {
            throw DockerfileException.Syntax($"more than {ParseLimits.Instructions} instructions");
        }

        _instructions.Add(node with { Lines = new LineRange(first, _next) });
        _comments = [];
    }

    private void ReadDirective(string line)
    {
        ParserDirective? directive = _directives.Read(line, _next);
        if (directive is { Name: ParserDirective.Escape })
        {
            _escape = directive.Value is "\\" or "`"
                ? directive.Value[0]
                : throw DockerfileException.Syntax($"invalid escape token '{directive.Value}' does not match ` or \\");
        }
        else if (directive is null && line.StartsWith('#'))
        {
            string comment = line[1..].Trim();
            if (comment.Length == 0)
            {
                _comments = [];
            }
            else
            {
                _comments.Add(comment);
            }
        }
    }

    private string ReadContinuations(string first)
    {
        var text = new StringBuilder(first);
        bool hasEmptyLine = false;
        bool isContinued = true;
        while (isContinued && _next < _source.Lines.Count)
        {
            string line = NextLine();
            ReadOnlySpan<char> trimmed = line.AsSpan().TrimStart();
            if (trimmed.StartsWith('#'))
            {
                continue;
            }

            if (trimmed.IsEmpty)
            {
                hasEmptyLine = true;
                continue;
            }

            isContinued = EscapeToken.TryCutContinuation(line, _escape, out string part);
            text.Append(part);
        }

        if (hasEmptyLine)
        {
            _emptyContinuations.Add(_next);
        }

        return text.ToString();
    }

    private List<Heredoc> ReadHeredocs(InstructionNode node, string text)
    {
        InstructionNode announcing = node.Trigger is not null ? node.Trigger : node;
        bool mayHave = announcing.IsKeyword("RUN") || announcing.IsKeyword("COPY") || announcing.IsKeyword("ADD");
        return mayHave && !announcing.IsJson ? [.. HeredocReader.Find(text).Select(ReadContent)] : [];
    }

    private Heredoc ReadContent(Heredoc heredoc)
    {
        var content = new StringBuilder();
        while (_next < _source.Lines.Count)
        {
            string line = NextLine();
            string end = heredoc.StripTabs ? line.TrimStart('\t') : line;
            if (end == heredoc.Name)
            {
                return heredoc with { Content = content.ToString() };
            }

            content.Append(_source.Lines[_next - 1]);
        }

        throw DockerfileException.Syntax("unterminated heredoc");
    }

    private string NextLine()
    {
        string line = _source.Lines[_next++];
        return line.Length <= ParseLimits.LineLength
            ? line.TrimEnd('\r', '\n')
            : throw DockerfileException.Syntax($"dockerfile line greater than max allowed size of {ParseLimits.LineLength}");
    }
}
