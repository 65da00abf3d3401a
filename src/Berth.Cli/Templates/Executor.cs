using System.Text;

using Berth.Cli.Json;
using Berth.Cli.Text;

namespace Berth.Cli.Templates;

/// <summary>Fills a template in, by the rules of Go's text/template.</summary>
internal sealed class Executor
{
    private const int Deepest = 1000;

    // A pipeline's first command gets nothing from before it; null would be a value.
    private static readonly object Nothing = new();

    private readonly FunctionTable functions;
    private readonly Dictionary<string, List<Node>> definitions;
    private readonly List<(string Name, object? Value)> variables = [];
    private readonly StringBuilder output;
    private readonly object? root;
    private int depth;
    private string template = "";

    public Executor(FunctionTable functions, Dictionary<string, List<Node>> definitions, object? root, StringBuilder output)
    {
        this.functions = functions;
        this.definitions = definitions;
        this.root = root;
        this.output = output;
        variables.Add(("$", root));
    }

    private enum Flow
    {
        On,
        Break,
        Continue,
    }

    public void Run(List<Node> body) => Walk(body, root);

    private Flow Walk(List<Node> body, object? dot)
    {
        foreach (Node node in body)
        {
            Flow flow = Walk(node, dot);
            if (flow != Flow.On)
            {
                return flow;
            }
        }

        return Flow.On;
    }

    private Flow Walk(Node node, object? dot)
    {
        int outer = variables.Count;
        switch (node)
        {
            case Node.Literal text:
                output.Append(text.Value);
                return Flow.On;
            case Node.Action action:
                object? value = Pipeline(action.Pipe, dot);
                if (action.Pipe.Variables.Count == 0)
                {
                    output.Append(GoValue.Print(value));
                }

                return Flow.On; // what it declared stays
            case Node.Leave leave:
                return leave.Keyword == "break" ? Flow.Break : Flow.Continue;
            case Node.Branch branch:
                object? condition = Pipeline(branch.Pipe, dot);
                bool taken = GoValue.IsTrue(condition);
                Flow flow = taken ? Walk(branch.Then, branch.Keyword == "with" ? condition : dot) : branch.Else is { } otherwise ? Walk(otherwise, dot) : Flow.On;
                variables.RemoveRange(outer, variables.Count - outer);
                return flow;
            case Node.Range range:
                Range(range, dot);
                variables.RemoveRange(outer, variables.Count - outer);
                return Flow.On;
            default:
                Template((Node.Call)node, dot);
                return Flow.On;
        }
    }

    private void Range(Node.Range range, object? dot)
    {
        object? over = Pipeline(range.Pipe, dot);
        IEnumerable<(object? Key, object? Value)> items = over switch
        {
            JsonObject map => GoValue.Sorted(map).Select(m => ((object?)m.Key, m.Value)),
            IReadOnlyList<object?> list => list.Select((item, i) => ((object?)(long)i, item)),
            long count => Enumerable.Range(0, (int)Math.Max(0, count)).Select(i => ((object?)(long)i, (object?)(long)i)),
            null or Missing or TypedNull => [],
            _ => throw At(range.Pipe, $"range can't iterate over {GoValue.Text(over)}"),
        };
        int outer = variables.Count;
        bool any = false;
        foreach ((object? key, object? value) in items)
        {
            any = true;
            List<string> names = range.Pipe.Variables;
            for (int i = 0; i < names.Count; i++)
            {
                object? bound = names.Count == 2 && i == 0 ? key : value;
                if (range.Pipe.IsAssign)
                {
                    Assign(names[i], bound);
                }
                else
                {
                    variables.Add((names[i], bound));
                }
            }

            Flow flow = Walk(range.Body, value);
            variables.RemoveRange(outer, variables.Count - outer);
            if (flow == Flow.Break)
            {
                break;
            }
        }

        if (!any && range.Else is not null)
        {
            Walk(range.Else, dot);
        }
    }

    private void Template(Node.Call call, object? dot)
    {
        if (!definitions.TryGetValue(call.Name, out List<Node>? body))
        {
            throw At(call, $"template {GoString.Quote(call.Name)} not defined");
        }

        if (++depth > Deepest)
        {
            throw At(call, $"exceeded maximum template depth ({Deepest})");
        }

        object? argument = call.Pipe is null ? null : Pipeline(call.Pipe, dot);
        (string, object?)[] saved = [.. variables];
        string outer = template;
        template = call.Name;
        variables.Clear();
        variables.Add(("$", argument));
        Walk(body, argument);
        template = outer;
        variables.Clear();
        variables.AddRange(saved);
        depth--;
    }

    private object? Pipeline(Node.Pipeline pipe, object? dot)
    {
        object? value = Nothing;
        foreach (Node.Command command in pipe.Commands)
        {
            value = Command(command, dot, value);
        }

        foreach (string name in pipe.Variables)
        {
            if (pipe.IsAssign)
            {
                Assign(name, value);
            }
            else
            {
                variables.Add((name, value));
            }
        }

        return value;
    }

    private void Assign(string name, object? value)
    {
        int index = variables.FindLastIndex(v => v.Name == name);
        variables[index] = (name, value);
    }

    private object? Command(Node.Command command, object? dot, object? final)
    {
        Node first = command.Words[0];
        switch (first)
        {
            case Node.Function function:
                return Function(function, command, dot, final);
            case Node.Field field:
                return Fields(field, dot, field.Names, command, dot, final);
            case Node.Chain chain:
                return Fields(chain, Argument(chain.Inner, dot), chain.Names, command, dot, final);
            case Node.Variable variable:
                object? value = Variable(variable.Name);
                if (variable.Names.Count == 0)
                {
                    RefuseArguments(command, final);
                    return value;
                }

                return Fields(variable, value, variable.Names, command, dot, final);
            case Node.Pipeline inner:
                RefuseArguments(command, final);
                return Pipeline(inner, dot);
            case Node.Nil:
                throw At(command, "nil is not a command");
            default:
                RefuseArguments(command, final);
                return Argument(first, dot);
        }
    }

    private void RefuseArguments(Node.Command command, object? final)
    {
        if (command.Words.Count > 1 || final != Nothing)
        {
            throw At(command.Words[0], $"can't give argument to non-function {command.Words[0]}");
        }
    }

    private object? Argument(Node node, object? dot) => node switch
    {
        Node.Dot => dot,
        Node.Nil => null,
        Node.Constant constant => constant.Value,
        Node.Field field => Fields(field, dot, field.Names, null, dot, Nothing),
        Node.Variable variable => variable.Names.Count == 0 ? Variable(variable.Name) : Fields(variable, Variable(variable.Name), variable.Names, null, dot, Nothing),
        Node.Chain chain => Fields(chain, Argument(chain.Inner, dot), chain.Names, null, dot, Nothing),
        Node.Pipeline pipe => Pipeline(pipe, dot),
        Node.Function function => Function(function, new Node.Command([function], function.Position, function.Line), dot, Nothing),
        _ => throw At(node, $"can't handle {node}"),
    };

    private object? Variable(string name) => variables.FindLast(v => v.Name == name).Value;

    private object? Function(Node.Function function, Node.Command command, object? dot, object? final)
    {
        if (function.Name is "and" or "or")
        {
            return ShortCircuit(function, command, dot, final);
        }

        return Call(function.Name, command, Arguments(command, dot, final));
    }

    // The first argument that decides is the answer; those behind it are not looked at.
    private object? ShortCircuit(Node.Function function, Node.Command command, object? dot, object? final)
    {
        bool stop = function.Name == "or";
        object? value = Nothing;
        foreach (Node word in command.Words.Skip(1))
        {
            value = Argument(word, dot);
            if (GoValue.IsTrue(value) == stop)
            {
                return value;
            }
        }

        value = final == Nothing ? value : final;
        return value != Nothing ? value : throw At(command.Words[0], $"wrong number of args for {function.Name}: want at least 1 got 0");
    }

    private object?[] Arguments(Node.Command command, object? dot, object? final)
    {
        IEnumerable<object?> given = command.Words.Skip(1).Select(word => Argument(word, dot));
        return final == Nothing ? given.ToArray() : given.Append(final).ToArray();
    }

    private object? Call(string name, Node.Command command, object?[] arguments)
    {
        try
        {
            return functions.Call(name, arguments);
        }
        catch (FunctionException e)
        {
            if (e.Argument is int index && index + 1 < command.Words.Count)
            {
                Node word = command.Words[index + 1];
                throw At(word, word is Node.Constant ? $"expected {e.Wanted}; found {word}" : e.Message);
            }

            throw e.Kind == FunctionFault.Call ? At(command.Words[0], e.Message) : At(command, $"error calling {name}: {e.Message}");
        }
    }

    private object? Fields(Node node, object? receiver, List<string> names, Node.Command? command, object? dot, object? final)
    {
        for (int i = 0; i < names.Count; i++)
        {
            bool last = i == names.Count - 1;
            receiver = Field(node, receiver, names[i], last ? command : null, dot, last ? final : Nothing);
        }

        return receiver;
    }

    private object? Field(Node node, object? receiver, string name, Node.Command? command, object? dot, object? final)
    {
        bool hasArguments = command?.Words.Count > 1 || final != Nothing;
        object? value;
        bool found = receiver switch
        {
            JsonObject members => GoShape.TryField(members, name, out value),
            ITemplateFields fields => fields.TryField(name, out value),
            string port => PortText.TryField(port, name, out value),
            _ => Not(out value),
        };
        if (value is TemplateMethod method)
        {
            object?[] arguments = command is null ? [] : Arguments(command, dot, final);
            return arguments.Length == method.Arguments
                ? method.Call(arguments)
                : throw At(node, $"wrong number of args for {name}: want {method.Arguments} got {arguments.Length}");
        }

        if (found)
        {
            string complaint = receiver is JsonObject ? "is not a method but has arguments" : "has arguments but cannot be invoked as function";
            return hasArguments ? throw At(node, $"{name} {complaint}") : value;
        }

        return receiver switch
        {
            JsonObject when hasArguments => throw At(node, $"{name} is not a method but has arguments"),
            JsonObject { Shape: not JsonShape.Struct } or Missing => Missing.Value,
            JsonObject => throw At(node, $"map has no entry for key {GoString.Quote(name)}"),
            null => throw At(node, $"nil pointer evaluating interface {{}}.{name}"),
            TypedNull { Name: string absent } => throw At(node, $"map has no entry for key {GoString.Quote(absent)}"),
            TypedNull => throw At(node, $"nil pointer evaluating interface {{}}.{name}"),
            _ => throw At(node, $"can't evaluate field {name} in type {(receiver is ITemplateFields ? GoValue.TypeName(receiver) : "interface {}")}"),
        };
    }

    private static bool Not(out object? value)
    {
        value = null;
        return false;
    }

    private TemplateException At(Node node, string message)
    {
        string text = node.ToString()!;
        string context = text.Length > 20 ? $"{text[..20]}..." : text;
        return new TemplateException($"template: :{node.Line}:{node.Position}: executing {GoString.Quote(template)} at <{context}>: {message}");
    }
}
