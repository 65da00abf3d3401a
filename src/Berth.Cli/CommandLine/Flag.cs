namespace Berth.Cli.CommandLine;

/// <summary>Checks one value; may rewrite it. Answers null when good, otherwise what is wrong, in Docker's words.</summary>
internal delegate string? FlagCheck(ref string value);

/// <summary>One row of a command's flag table. Parsing, help and completion all come from it.</summary>
internal sealed record Flag(string Name, FlagKind Kind, string Help)
{
    /// <summary>The letter after a single dash; '\0': none.</summary>
    public char Short { get; init; }

    /// <summary>What help calls the value ("list", "string"); empty for a bool.</summary>
    public string ValueName { get; init; } = "";

    /// <summary>Shown in help as "(default …)"; empty: not shown.</summary>
    public string Default { get; init; } = "";

    public FlagCheck? Check { get; init; }

    public bool Hidden { get; init; }

    /// <summary>Accepted with a warning that says this.</summary>
    public string? Deprecated { get; init; }

    /// <summary>The flag whose values these are too ("net" for "network").</summary>
    public string? SameAs { get; init; }

    /// <summary>Words that completion offers for the value.</summary>
    public string[] Choices { get; init; } = [];

    /// <summary>What kind of object the value names, for completion.</summary>
    public Completes Completes { get; init; }

    /// <summary>Old habits: also taken with one dash ("-link a:b"), with a warning.</summary>
    public bool SingleDash { get; init; }

    /// <summary>"-m, --memory", as error messages name it.</summary>
    public string Display => Short == '\0' ? $"--{Name}" : $"-{Short}, --{Name}";

    public static Flag Bool(string name, string help, char letter = '\0') => new(name, FlagKind.Bool, help) { Short = letter };

    public static Flag Text(string name, string help, char letter = '\0', string @default = "") =>
        new(name, FlagKind.Text, help) { Short = letter, ValueName = "string", Default = @default };

    public static Flag List(string name, string help, char letter = '\0', FlagCheck? check = null, string valueName = "list") =>
        new(name, FlagKind.List, help) { Short = letter, ValueName = valueName, Check = check };

    /// <summary>Values that may stand in one word with commas between them; read with <see cref="Arguments.Fields"/>.</summary>
    public static Flag Fields(string name, string help) => List(name, help, check: FlagChecks.Fields, valueName: "strings");

    /// <summary>"key=value" pairs, one a flag.</summary>
    public static Flag Map(string name, string help, char letter = '\0') => List(name, help, letter, valueName: "map") with { Default = "map[]" };

    public static Flag Int(string name, string help, char letter = '\0', string @default = "") =>
        new(name, FlagKind.Int, help) { Short = letter, ValueName = "int", Default = @default };

    public static Flag Bytes(string name, string help, char letter = '\0') =>
        new(name, FlagKind.Bytes, help) { Short = letter, ValueName = "bytes" };

    public static Flag Duration(string name, string help) =>
        new(name, FlagKind.Duration, help) { ValueName = "duration", Default = "0s" };

    /// <summary>"-f name=value", once or more.</summary>
    public static Flag Filter(string help) => List("filter", help, 'f', FlagChecks.Filter, "filter");

    /// <summary>"--format TEMPLATE".</summary>
    public static Flag Format(string help, char letter = '\0') => Text("format", help, letter);
}
