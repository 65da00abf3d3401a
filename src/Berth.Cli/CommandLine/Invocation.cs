using Berth.Cli.Commands;
using Berth.Cli.Http;

namespace Berth.Cli.CommandLine;

/// <summary>One call of one command: what was typed and everything it may touch.</summary>
/// <param name="Session">The program around it.</param>
/// <param name="Command">The row of the table.</param>
/// <param name="Path">The words that named it, the program's name first: "berth container ls".</param>
/// <param name="Arguments">Its flags and words.</param>
internal sealed record Invocation(Session Session, Command Command, string Path, Arguments Arguments)
{
    public ApiClient Api => Session.Api;

    public Output Out => Session.Out;

    public Output Err => Session.Err;

    public List<string> Words => Arguments.Words;

    /// <summary>
    /// Does the same to each of several objects, goes on after a failure, and answers 1 if there was one. The name of each success is
    /// printed, as Docker does.
    /// </summary>
    public int Each(IEnumerable<string> names, Action<string> act, bool print = true, Func<Invocation, string, ApiException, ApiException>? explain = null)
    {
        explain ??= WrongKind.Explain;
        int code = 0;
        foreach (string name in names)
        {
            try
            {
                act(name);
                if (print)
                {
                    Out.Line(name);
                }
            }
            catch (ApiException e)
            {
                Out.Flush();
                Err.Line(explain(this, name, e).Message);
                code = 1;
            }
        }

        return code;
    }
}
