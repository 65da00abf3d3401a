// berth: the command line of Berth. It speaks the Engine API over a Unix socket, so it works with any engine that does.
//
// The way of a command: Dispatcher finds its row in CommandTable, FlagParser reads its flags by the row's table, and the row's Run asks
// the daemon through ApiClient. Nothing here uses the JSON serializer, HttpClient, Console or Regex: each costs milliseconds at the first use.
using Berth.Cli;
using Berth.Cli.CommandLine;
using Berth.Linux.Files;
using Berth.Linux.Signals;

ClosedStreams.Replace();
string program = ProgramName.From(Environment.GetCommandLineArgs()[0]);
if (args is ["--version" or "-v"])
{
    var quick = Output.ToStandard(StandardStream.Output, buffered: false);
    quick.Line(GlobalFlags.VersionLine(program));
    return 0;
}

SignalDisposition.DieOfBrokenPipes();
var session = new Session(
    program,
    Output.ToStandard(StandardStream.Output, buffered: true),
    Output.ToStandard(StandardStream.Error, buffered: false),
    Environment.GetEnvironmentVariable);
return new Dispatcher(session).Run(args);
