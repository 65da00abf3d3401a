using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Specs;
using Berth.Linux.Files;
using Berth.Linux.Terminals;

namespace Berth.Cli.Commands.Images;

/// <summary>berth load and berth import: images from tar archives.</summary>
internal static class Archives
{
    public static Command Load { get; } = new("load", "[OPTIONS]", "Load images from an archive made by save")
    {
        Flags = static () =>
        [
            Flag.Text("input", "Read from a file instead of STDIN", 'i'),
            Flag.Text("platform", "Load only this platform of it (e.g., \"linux/amd64\")"),
            Flag.Bool("quiet", "Show no progress", 'q'),
        ],
        Spellings = ["image load", "load"],
        Completes = Completes.Files,
        Run = RunLoad,
    };

    public static Command Import { get; } = new("import", "[OPTIONS] file|URL|- [REPOSITORY[:TAG]]", "Make an image of a tar archive of files")
    {
        Flags = static () =>
        [
            Flag.List("change", "Apply a Dockerfile instruction to the image", 'c'),
            Flag.Text("message", "Commit message of the image", 'm'),
            Flag.Text("platform", "Platform the image is for"),
        ],
        Words = ArgumentRule.Between(1, 2),
        Spellings = ["image import", "import"],
        Completes = Completes.Files,
        Run = RunImport,
    };

    private static int RunLoad(Invocation call)
    {
        string file = call.Arguments.Text("input");
        if (file.Length == 0 && Terminal.Is(0))
        {
            throw new CliException("requested load from stdin, but stdin is empty");
        }

        bool quiet = call.Arguments.Is("quiet") || !call.Out.IsTerminal;
        Query target = new Query("/images/load").Add("quiet", quiet ? "1" : "0").Text("platform", call.Arguments.Text("platform"));
        using Source source = Source.Open(file);
        using ApiResponse answer = call.Api.Upload(target.ToString(), "application/x-tar", source.Read);
        new ProgressStream(call.Out).Show(answer);
        return 0;
    }

    private static int RunImport(Invocation call)
    {
        string from = call.Words[0];
        bool remote = from.StartsWith("http://", StringComparison.Ordinal) || from.StartsWith("https://", StringComparison.Ordinal);
        (string repository, string tag) = call.Words.Count > 1 ? ImageName.Split(call.Words[1]) : ("", "");
        Query target = new Query("/images/create").Add("fromSrc", remote ? from : "-").Text("repo", repository).Text("tag", tag)
            .Text("message", call.Arguments.Text("message")).Text("platform", call.Arguments.Text("platform"));
        foreach (string change in call.Arguments.All("change"))
        {
            target.Add("changes", change);
        }

        if (remote)
        {
            using ApiResponse downloaded = call.Api.Open("POST", target.ToString());
            new ProgressStream(call.Out).Show(downloaded);
            return 0;
        }

        using Source source = Source.Open(from == "-" ? "" : from);
        using ApiResponse answer = call.Api.Upload(target.ToString(), "text/plain", source.Read);
        new ProgressStream(call.Out).Show(answer);
        return 0;
    }

    /// <summary>A file, or standard input.</summary>
    private sealed class Source(FileStream? file) : IDisposable
    {
        public static Source Open(string path)
        {
            try
            {
                return new Source(path.Length == 0 ? null : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new CliException($"open {path}: {FileReason.Of(e)}");
            }
        }

        public int Read(byte[] into) => file is null ? StandardStream.Input.Read(into) : file.Read(into);

        public void Dispose() => file?.Dispose();
    }
}
