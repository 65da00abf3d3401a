using Berth.Build.Dockerfile.Words;

namespace Berth.Build.Dockerfile.Instructions;

/// <summary>
/// Replaces the variables of the instructions that have any: ENV and LABEL (names and values), COPY and ADD (paths, --chown, --chmod, --checksum,
/// here-documents whose name is not quoted), WORKDIR, USER, VOLUME, STOPSIGNAL, EXPOSE and RUN --mount. The commands of RUN, CMD, ENTRYPOINT and HEALTHCHECK
/// are left to their shell. One serves one build, whose expansions have a limit together. ARG and FROM have scopes of their own (<see cref="StageScope"/>, <see cref="GlobalScope"/>).
/// </summary>
public sealed class InstructionExpansion(DockerfileSyntax syntax)
{
    // A here-document is no line of the Dockerfile: its escape is always a backslash, and quotes mean nothing in it.
    private readonly WordExpander _contents = new('\\', WordOptions.LiteralQuotes);

    private long _left = ParseLimits.TotalExpansion;

    internal WordExpander Words { get; } = new(syntax.Escape);

    /// <exception cref="DockerfileException">A value cannot be expanded, or is none once it is; with its place.</exception>
    public ExpandedInstruction Expand(Instruction instruction, BuildVariables variables)
    {
        var pass = new Pass(Words, _contents, variables, Pay);
        try
        {
            return new ExpandedInstruction(Expand(instruction, pass), pass.Unmatched);
        }
        catch (DockerfileException e)
        {
            throw Place(e, instruction);
        }
    }

    internal DockerfileException Place(DockerfileException e, Instruction instruction) => e.At(syntax.Source, instruction.Lines);

    // Stages may be expanded at once.
    private void Pay(long characters)
    {
        if (Interlocked.Add(ref _left, -characters) < 0)
        {
            throw DockerfileException.Value($"variables expand to more than {ParseLimits.TotalExpansion} characters in all");
        }
    }

    private static Instruction Expand(Instruction instruction, Pass pass) => instruction switch
    {
        EnvInstruction env => env with { Variables = Named("ENV", pass.Pairs(env.Variables)) },
        LabelInstruction label => label with { Labels = Named("LABEL", pass.Pairs(label.Labels)) },
        CopyInstruction copy => copy with
        {
            Sources = pass.Sources(copy.Sources),
            Owner = pass.Optional(copy.Owner),
            Mode = pass.Optional(copy.Mode),
            From = Constant(copy.From, pass),
        },
        AddInstruction add => add with
        {
            Sources = pass.Sources(add.Sources),
            Owner = pass.Optional(add.Owner),
            Mode = pass.Optional(add.Mode),
            Checksum = pass.Optional(add.Checksum),
        },
        WorkdirInstruction workdir => workdir with { Path = pass.One(workdir.Path) },
        UserInstruction user => user with { User = pass.One(user.User) },
        VolumeInstruction volume => volume with { Paths = [.. volume.Paths.Select(p => Volume(pass.One(p)))] },
        StopSignalInstruction stop => stop with { Signal = Signal(pass.One(stop.Signal)) },
        ExposeInstruction expose => expose with { Ports = pass.Ports(expose.Ports) },
        RunInstruction run => run with { Mounts = [.. run.MountTexts.Select(m => RunMountParser.Parse(m, pass.One))] },
        _ => instruction,
    };

    // Which stages a build needs must be known before anything has a value.
    private static string? Constant(string? from, Pass pass) => from is null || pass.IsConstant(from)
        ? from
        : throw DockerfileException.Value(
            "variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround");

    // "ENV $X=1" where X is not set.
    private static IReadOnlyList<KeyValue> Named(string keyword, IReadOnlyList<KeyValue> pairs) =>
        pairs.All(p => p.Key.Length > 0) ? pairs : throw DockerfileException.Value($"{keyword} names can not be blank");

    private static string Volume(string path) => path.Length > 0 ? path : throw DockerfileException.Value("VOLUME specified can not be an empty string");

    private static string Signal(string signal) => SignalName.IsKnown(signal) ? signal : throw DockerfileException.Value($"invalid signal: {signal}");

    /// <summary>Expands against one environment and gathers what is not set in it.</summary>
    private sealed class Pass(WordExpander words, WordExpander contents, BuildVariables variables, Action<long> pay)
    {
        // "65535/tcp"
        private const long LengthOfPort = 9;

        private readonly HashSet<string> _unmatched = new(StringComparer.Ordinal);

        public IReadOnlySet<string> Unmatched => _unmatched;

        public string One(string text) => Take(words.Expand(text, variables));

        public string? Optional(string? text) => text is null ? null : One(text) is { Length: > 0 } value ? value : null;

        public bool IsConstant(string text) => words.Expand(text, BuildVariables.Empty).Text == text;

        public IReadOnlyList<string> Ports(IReadOnlyList<string> texts)
        {
            var all = new HashSet<string>(StringComparer.Ordinal);
            foreach (string text in texts)
            {
                IReadOnlyList<string> split = words.Split(text, variables, out IReadOnlySet<string> unmatched);
                _unmatched.UnionWith(unmatched);
                foreach (ExposedPort port in split.Select(ExposedPort.Parse))
                {
                    pay((port.Last - port.First + 1) * LengthOfPort);
                    all.UnionWith(port.Ports());
                }
            }

            return [.. all];
        }

        public IReadOnlyList<KeyValue> Pairs(IReadOnlyList<KeyValue> pairs) => [.. pairs.Select(p => p with { Key = One(p.Key), Value = One(p.Value) })];

        public SourceSet Sources(SourceSet sources) => new(
            [.. sources.Paths.Select(One)],
            [.. sources.Files.Select(f => f.Expand ? f with { Content = Take(contents.Expand(f.Content, variables)) } : f)],
            One(sources.Destination));

        private string Take(Expansion expansion)
        {
            _unmatched.UnionWith(expansion.Unmatched);
            pay(expansion.Text.Length);
            return expansion.Text;
        }
    }
}
