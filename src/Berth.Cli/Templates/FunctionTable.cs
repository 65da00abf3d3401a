namespace Berth.Cli.Templates;

/// <summary>The functions a template may call: Go's own, Docker's, and what a command adds.</summary>
internal sealed class FunctionTable
{
    private readonly Dictionary<string, Func<object?[], object?>> functions;

    private FunctionTable(Dictionary<string, Func<object?[], object?>> functions) => this.functions = functions;

    /// <summary>For rows and documents.</summary>
    public static FunctionTable ForValues() => new(Merge(GoFunctions.All, DockerFunctions.All));

    /// <summary>For the header of a table: what would shape a value leaves a heading as it is.</summary>
    public static FunctionTable ForHeadings() => new(Merge(GoFunctions.All, DockerFunctions.ForHeadings));

    public bool Has(string name) => name is "and" or "or" || functions.ContainsKey(name);

    /// <exception cref="FunctionException">It was called wrongly, or failed.</exception>
    public object? Call(string name, object?[] arguments) => functions[name](arguments);

    private static Dictionary<string, Func<object?[], object?>> Merge(params IEnumerable<KeyValuePair<string, Func<object?[], object?>>>[] tables) =>
        tables.SelectMany(t => t).GroupBy(f => f.Key).ToDictionary(g => g.Key, g => g.Last().Value);
}
