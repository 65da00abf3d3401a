using Berth.Cli.Text;

namespace Berth.Cli.Templates;

/// <summary>A part of a template. ToString gives it back as Go's error messages quote it.</summary>
internal abstract record Node(int Position, int Line)
{
    internal sealed record Literal(string Value, int Position, int Line) : Node(Position, Line);

    internal sealed record Action(Pipeline Pipe, int Position, int Line) : Node(Position, Line);

    /// <summary>if and with.</summary>
    internal sealed record Branch(string Keyword, Pipeline Pipe, List<Node> Then, List<Node>? Else, int Position, int Line) : Node(Position, Line);

    internal sealed record Range(Pipeline Pipe, List<Node> Body, List<Node>? Else, int Position, int Line) : Node(Position, Line);

    /// <summary>break and continue.</summary>
    internal sealed record Leave(string Keyword, int Position, int Line) : Node(Position, Line);

    internal sealed record Call(string Name, Pipeline? Pipe, int Position, int Line) : Node(Position, Line)
    {
        public override string ToString() => Pipe is null ? $"{{{{template {GoString.Quote(Name)}}}}}" : $"{{{{template {GoString.Quote(Name)} {Pipe}}}}}";
    }

    internal sealed record Pipeline(List<string> Variables, bool IsAssign, List<Command> Commands, int Position, int Line) : Node(Position, Line)
    {
        public override string ToString()
        {
            string declared = Variables.Count == 0 ? "" : $"{string.Join(", ", Variables)} {(IsAssign ? "=" : ":=")} ";
            return declared + string.Join(" | ", Commands);
        }
    }

    internal sealed record Command(List<Node> Words, int Position, int Line) : Node(Position, Line)
    {
        public override string ToString() => string.Join(' ', Words.Select(w => w is Pipeline ? $"({w})" : w.ToString()));
    }

    internal sealed record Function(string Name, int Position, int Line) : Node(Position, Line)
    {
        public override string ToString() => Name;
    }

    internal sealed record Dot(int Position, int Line) : Node(Position, Line)
    {
        public override string ToString() => ".";
    }

    internal sealed record Nil(int Position, int Line) : Node(Position, Line)
    {
        public override string ToString() => "nil";
    }

    internal sealed record Field(List<string> Names, int Position, int Line) : Node(Position, Line)
    {
        public override string ToString() => "." + string.Join('.', Names);
    }

    internal sealed record Variable(string Name, List<string> Names, int Position, int Line) : Node(Position, Line)
    {
        public override string ToString() => Names.Count == 0 ? Name : $"{Name}.{string.Join('.', Names)}";
    }

    internal sealed record Chain(Node Inner, List<string> Names, int Position, int Line) : Node(Position, Line)
    {
        public override string ToString() => $"{(Inner is Pipeline ? $"({Inner})" : Inner)}.{string.Join('.', Names)}";
    }

    /// <summary>A constant: string, number, bool or character.</summary>
    internal sealed record Constant(object Value, string Text, int Position, int Line) : Node(Position, Line)
    {
        public override string ToString() => Text;
    }
}
