using System.Globalization;
using System.Text;

using Berth.Cli.Text;

namespace Berth.Cli.Templates;

/// <summary>From words to the parts of a template, by the grammar of Go's text/template.</summary>
internal sealed class TemplateParser
{
    private readonly List<Token> tokens;
    private readonly Func<string, bool> isFunction;
    private readonly List<string> variables = ["$"];
    private readonly Dictionary<string, List<Node>> definitions;
    private int at;
    private int loops;

    private TemplateParser(string source, Func<string, bool> isFunction, Dictionary<string, List<Node>> definitions)
    {
        tokens = Lexer.Cut(source);
        this.isFunction = isFunction;
        this.definitions = definitions;
    }

    /// <summary>Reads a template; what it defines by name goes into the dictionary.</summary>
    /// <exception cref="TemplateException">With Go's text.</exception>
    public static List<Node> Parse(string source, Func<string, bool> isFunction, Dictionary<string, List<Node>> definitions)
    {
        var parser = new TemplateParser(source, isFunction, definitions);
        List<Node> body = parser.List(out string? end);
        return end is null ? body : throw parser.Error($"unexpected {{{{{end}}}}}");
    }

    // Up to {{end}} or {{else}}, which is taken; null at the end of the template.
    private List<Node> List(out string? ended)
    {
        var body = new List<Node>();
        while (true)
        {
            Token token = Next();
            switch (token.Kind)
            {
                case TokenKind.Text:
                    body.Add(new Node.Literal(token.Text, token.Position, token.Line));
                    break;
                case TokenKind.End:
                    ended = null;
                    return body;
                default:
                    Token first = PeekNonSpace();
                    if (first.Kind == TokenKind.Keyword && first.Text is "end" or "else")
                    {
                        NextNonSpace();
                        if (first.Text == "end")
                        {
                            RequireRight("end");
                        }

                        ended = first.Text;
                        return body;
                    }

                    if (Action() is Node node)
                    {
                        body.Add(node);
                    }

                    break;
            }
        }
    }

    private Node? Action()
    {
        Token token = PeekNonSpace();
        if (token.Kind != TokenKind.Keyword)
        {
            return new Node.Action(Pipeline("command", TokenKind.RightDelimiter), token.Position, token.Line);
        }

        NextNonSpace();
        switch (token.Text)
        {
            case "if" or "with":
                return Branch(token);
            case "range":
                return Range(token);
            case "break" or "continue":
                if (loops == 0)
                {
                    throw Error($"{{{{{token.Text}}}}} outside {{{{range}}}}");
                }

                RequireRight($"{{{{{token.Text}}}}}");
                return new Node.Leave(token.Text, token.Position, token.Line);
            case "define":
                Define(Name("define clause"), "define clause");
                return null;
            case "block":
                string block = Name("block clause");
                Node.Pipeline argument = Pipeline("block clause", TokenKind.RightDelimiter);
                Body(block, "block clause");
                return new Node.Call(block, argument, token.Position, token.Line);
            default:
                Token named = PeekNonSpace();
                string name = Name("template clause");
                Node.Pipeline? pipe = PeekNonSpace().Kind == TokenKind.RightDelimiter ? null : Pipeline("template clause", TokenKind.RightDelimiter);
                if (pipe is null)
                {
                    NextNonSpace();
                }

                return new Node.Call(name, pipe, named.Position, named.Line);
        }
    }

    private void Define(string name, string context)
    {
        RequireRight(context);
        Body(name, context);
    }

    private void Body(string name, string context)
    {
        int outer = variables.Count;
        List<Node> body = List(out string? ended);
        variables.RemoveRange(outer, variables.Count - outer);
        definitions[name] = ended switch
        {
            "end" => body,
            null => throw Error("unexpected EOF"),
            _ => throw Error($"unexpected {{{{{ended}}}}} in {context}"),
        };
    }

    private Node.Branch Branch(Token keyword)
    {
        int outer = variables.Count;
        Node.Pipeline pipe = Pipeline(keyword.Text, TokenKind.RightDelimiter);
        List<Node> then = List(out string? ended);
        List<Node>? otherwise = ended == "else" ? Else(keyword) : Ended(ended);
        variables.RemoveRange(outer, variables.Count - outer);
        return new Node.Branch(keyword.Text, pipe, then, otherwise, keyword.Position, keyword.Line);
    }

    private Node.Range Range(Token keyword)
    {
        int outer = variables.Count;
        Node.Pipeline pipe = Pipeline("range", TokenKind.RightDelimiter);
        loops++;
        List<Node> body = List(out string? ended);
        loops--;
        List<Node>? otherwise = ended == "else" ? Else(keyword) : Ended(ended);
        variables.RemoveRange(outer, variables.Count - outer);
        return new Node.Range(pipe, body, otherwise, keyword.Position, keyword.Line);
    }

    // "{{else if …}}" and "{{else with …}}" are a whole branch whose end is ours too.
    private List<Node> Else(Token keyword)
    {
        Token next = PeekNonSpace();
        if (next.Kind == TokenKind.Keyword && next.Text == keyword.Text && next.Text is "if" or "with")
        {
            NextNonSpace();
            return [Branch(next)];
        }

        RequireRight("else");
        List<Node> body = List(out string? ended);
        return ended == "else" ? throw Error("expected end; found {{else}}") : Ended(ended) ?? body;
    }

    private List<Node>? Ended(string? ended) => ended is null ? throw Error("unexpected EOF") : null;

    private string Name(string context)
    {
        Token token = NextNonSpace();
        return token.Kind is TokenKind.String or TokenKind.RawString ? Unquote(token) : throw Unexpected(token, context);
    }

    private Node.Pipeline Pipeline(string context, TokenKind end)
    {
        Token first = PeekNonSpace();
        var declared = new List<string>();
        bool assign = Declarations(context, declared);
        var commands = new List<Node.Command>();
        while (true)
        {
            Token token = NextNonSpace();
            if (token.Kind == end)
            {
                break;
            }

            if (token.Kind is TokenKind.Text or TokenKind.LeftDelimiter or TokenKind.RightDelimiter or TokenKind.Pipe or TokenKind.RightParen or TokenKind.Punctuation
                or TokenKind.Declare or TokenKind.Assign or TokenKind.Keyword or TokenKind.End)
            {
                throw Unexpected(token, context);
            }

            at--;
            commands.Add(Command());
        }

        if (commands.Count == 0)
        {
            throw Error($"missing value for {context}");
        }

        for (int i = 1; i < commands.Count; i++)
        {
            if (commands[i].Words[0] is Node.Constant or Node.Dot or Node.Nil)
            {
                throw Error($"non executable command in pipeline stage {i + 1}");
            }
        }

        return new Node.Pipeline(declared, assign, commands, first.Position, first.Line);
    }

    private bool Declarations(string context, List<string> declared)
    {
        bool assign = false;
        while (PeekNonSpace().Kind == TokenKind.Variable)
        {
            int before = at;
            Token variable = NextNonSpace();
            Token next = PeekNonSpace();
            if (next.Kind is TokenKind.Declare or TokenKind.Assign)
            {
                NextNonSpace();
                assign = next.Kind == TokenKind.Assign;
                if (assign && !variables.Contains(variable.Text))
                {
                    throw Error($"undefined variable {GoString.Quote(variable.Text)}");
                }

                declared.Add(variable.Text);
                variables.Add(variable.Text);
                return assign;
            }

            if (next.Text != ",")
            {
                at = before;
                return false;
            }

            NextNonSpace();
            declared.Add(variable.Text);
            variables.Add(variable.Text);
            if (context != "range" || declared.Count >= 2)
            {
                throw Error($"too many declarations in {context}");
            }

            if (PeekNonSpace().Kind != TokenKind.Variable)
            {
                throw Error("range can only initialize variables");
            }
        }

        return assign;
    }

    private Node.Command Command()
    {
        Token first = PeekNonSpace();
        var words = new List<Node>();
        while (true)
        {
            PeekNonSpace();
            if (Operand() is Node operand)
            {
                words.Add(operand);
            }

            Token token = Next();
            if (token.Kind == TokenKind.Space)
            {
                continue;
            }

            if (token.Kind is TokenKind.RightDelimiter or TokenKind.RightParen)
            {
                at--;
            }
            else if (token.Kind == TokenKind.Pipe)
            {
                if (PeekNonSpace().Kind is TokenKind.RightDelimiter or TokenKind.RightParen or TokenKind.End)
                {
                    throw Error("missing value for command");
                }
            }
            else
            {
                throw Unexpected(token, "operand");
            }

            return words.Count > 0 ? new Node.Command(words, first.Position, first.Line) : throw Error("empty command");
        }
    }

    private Node? Operand()
    {
        Node? node = Term();
        if (node is null || Peek().Kind != TokenKind.Field)
        {
            return node;
        }

        int position = Peek().Position;
        var names = new List<string>();
        while (Peek().Kind == TokenKind.Field)
        {
            names.Add(Next().Text[1..]);
        }

        return node switch
        {
            Node.Field field => field with { Names = [.. field.Names, .. names], Position = position },
            Node.Variable variable => variable with { Names = [.. variable.Names, .. names], Position = position },
            Node.Constant or Node.Nil or Node.Dot => throw Error($"unexpected . after term {GoString.Quote(node.ToString())}"),
            _ => new Node.Chain(node, names, position, node.Line),
        };
    }

    private Node? Term()
    {
        Token token = NextNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Identifier:
                return isFunction(token.Text)
                    ? new Node.Function(token.Text, token.Position, token.Line)
                    : throw Error($"function {GoString.Quote(token.Text)} not defined");
            case TokenKind.Dot:
                return new Node.Dot(token.Position, token.Line);
            case TokenKind.Nil:
                return new Node.Nil(token.Position, token.Line);
            case TokenKind.Variable:
                return variables.Contains(token.Text)
                    ? new Node.Variable(token.Text, [], token.Position, token.Line)
                    : throw Error($"undefined variable {GoString.Quote(token.Text)}");
            case TokenKind.Field:
                return new Node.Field([token.Text[1..]], token.Position, token.Line);
            case TokenKind.Bool:
                return new Node.Constant(token.Text == "true", token.Text, token.Position, token.Line);
            case TokenKind.Char:
                return new Node.Constant((long)Rune.GetRuneAt(Unquote(token), 0).Value, token.Text, token.Position, token.Line);
            case TokenKind.Number:
                return new Node.Constant(Number(token), token.Text, token.Position, token.Line);
            case TokenKind.String or TokenKind.RawString:
                return new Node.Constant(Unquote(token), token.Text, token.Position, token.Line);
            case TokenKind.LeftParen:
                return Pipeline("parenthesized pipeline", TokenKind.RightParen);
            default:
                at--;
                return null;
        }
    }

    private object Number(Token token)
    {
        string text = token.Text.Replace("_", "", StringComparison.Ordinal);
        if (GoNumber.ParseInt(text, 64, out long integer) is null)
        {
            return integer;
        }

        if (text.TrimStart('+', '-').All(char.IsAsciiDigit))
        {
            throw Error($"integer overflow: {GoString.Quote(token.Text)}");
        }

        return GoNumber.ParseFloat(text, out double real) is null ? real : throw Error($"bad number syntax: {GoString.Quote(token.Text)}");
    }

    private string Unquote(Token token)
    {
        string inner = token.Text[1..^1];
        if (token.Kind == TokenKind.RawString)
        {
            return inner;
        }

        var text = new StringBuilder(inner.Length);
        for (int i = 0; i < inner.Length; i++)
        {
            text.Append(inner[i] == '\\' ? Escape(inner, ref i) : inner[i].ToString());
        }

        return token.Kind == TokenKind.Char && text.Length == 0 ? throw Error($"malformed character constant: {token.Text}") : text.ToString();
    }

    private string Escape(string text, ref int at)
    {
        char c = text[++at];
        int digits = c switch { 'x' => 2, 'u' => 4, 'U' => 8, >= '0' and <= '7' => 3, _ => 0 };
        if (digits == 0)
        {
            return c switch
            {
                'n' => "\n", 't' => "\t", 'r' => "\r", 'a' => "\a", 'b' => "\b", 'f' => "\f", 'v' => "\v", '\\' => "\\", '"' => "\"", '\'' => "'",
                _ => throw Error("invalid syntax"),
            };
        }

        bool octal = char.IsAsciiDigit(c);
        int start = octal ? at : at + 1;
        if (start + digits > text.Length)
        {
            throw Error("invalid syntax");
        }

        string number = text.Substring(start, digits);
        at = start + digits - 1;
        int value = octal
            ? number.Aggregate(0, (sum, digit) => (sum * 8) + (digit - '0'))
            : int.TryParse(number, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int hex) ? hex : throw Error("invalid syntax");
        return Rune.IsValid(value) ? new Rune(value).ToString() : throw Error("invalid syntax");
    }

    private void RequireRight(string context)
    {
        Token token = NextNonSpace();
        if (token.Kind != TokenKind.RightDelimiter)
        {
            throw Unexpected(token, context);
        }
    }

    private Token Next() => at < tokens.Count ? tokens[at++] : tokens[^1];

    private Token Peek() => at < tokens.Count ? tokens[at] : tokens[^1];

    private Token NextNonSpace()
    {
        PeekNonSpace();
        return Next();
    }

    private Token PeekNonSpace()
    {
        while (Peek().Kind == TokenKind.Space)
        {
            at++;
        }

        return Peek();
    }

    private TemplateException Unexpected(Token token, string context) => Error($"unexpected {token} in {context}", token.Line);

    private TemplateException Error(string message, int line = 0) => new($"template: :{(line > 0 ? line : tokens[Math.Max(0, Math.Min(at, tokens.Count) - 1)].Line)}: {message}");
}
