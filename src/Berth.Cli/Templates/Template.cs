using System.Text;

namespace Berth.Cli.Templates;

/// <summary>A template as users write it after --format.</summary>
internal sealed class Template
{
    private readonly Dictionary<string, List<Node>> definitions = [];
    private readonly List<Node> body;
    private readonly FunctionTable functions;

    private Template(string source, FunctionTable functions)
    {
        this.functions = functions;
        body = TemplateParser.Parse(source, functions.Has, definitions);
    }

    /// <exception cref="TemplateException">It cannot be read; the message is Go's.</exception>
    public static Template Parse(string source, FunctionTable? functions = null) => new(source, functions ?? FunctionTable.ForValues());

    /// <summary>Fills it in.</summary>
    /// <exception cref="TemplateException">It asks for what is not there.</exception>
    public string Fill(object? data)
    {
        var output = new StringBuilder();
        new Executor(functions, definitions, data, output).Run(body);
        return output.ToString();
    }
}
