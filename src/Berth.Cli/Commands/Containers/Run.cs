using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Specs;
using Berth.Cli.Streams;

namespace Berth.Cli.Commands.Containers;

/// <summary>
/// berth run. Four requests and no more: create; attach and wait at once, on connections made while create is under way; start. No ping,
/// no inspect.
/// </summary>
internal static class Run
{
    public static Command Row { get; } = new("run", "[OPTIONS] IMAGE [COMMAND] [ARG...]", "Run a command in a new container")
    {
        Flags = ContainerFlags.Run,
        Words = ArgumentRule.AtLeast(1),
        StopsAtFirstWord = true,
        Group = CommandGroup.Common,
        Spellings = ["container run", "run"],
        Completes = Completes.Images,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        try
        {
            return Start(call);
        }
        catch (Exception e) when (e is SpecException or ApiException or ConnectionException)
        {
            throw Failure.OfRun(call, e);
        }
    }

    private static int Start(Invocation call)
    {
        Arguments given = call.Arguments;
        bool detached = given.Is("detach");
        var request = new ContainerRequest(given, detached);
        if (detached && given.Given("attach"))
        {
            throw new CliException("conflicting options: cannot specify both --attach and --detach");
        }

        Standard.RequireTerminal(request.AttachStdin && request.Tty);
        byte[] keys = Standard.DetachKeys(given.Text("detach-keys"));
        bool attach = request.AttachStdin || request.AttachStdout || request.AttachStderr;
        var creation = new Creation(call, request);
        call.Session.Trace.Mark("command read");
        PendingCall create = creation.Begin();
        HttpConnection? forAttach = attach ? call.Api.Connect() : null;
        HttpConnection? forWait = attach ? call.Api.Connect() : null;
        string id;
        try
        {
            id = creation.Finish(create);
            call.Session.Trace.Mark("created");

            // Made ahead; while an image was pulled the daemon may have given them up.
            forAttach = Fresh(call, forAttach);
            forWait = Fresh(call, forWait);
        }
        catch
        {
            forAttach?.Dispose();
            forWait?.Dispose();
            throw;
        }

        if (!attach)
        {
            call.Api.Do("POST", $"/containers/{id}/start");
            call.Out.Line(id);
            return 0;
        }

        return Attached(call, request, id, keys, forAttach!, forWait!);
    }

    private static HttpConnection? Fresh(Invocation call, HttpConnection? made)
    {
        if (made?.IsStale() != true)
        {
            return made;
        }

        made.Dispose();
        return call.Api.Connect();
    }

    private static int Attached(Invocation call, ContainerRequest request, string id, byte[] keys, HttpConnection forAttach, HttpConnection forWait)
    {
        Query attachTo = new Query($"/containers/{id}/attach").Add("stream", "1")
            .Flag("stdin", request.AttachStdin).Flag("stdout", request.AttachStdout).Flag("stderr", request.AttachStderr)
            .Text("detachKeys", call.Arguments.Text("detach-keys"));
        PendingCall attaching = call.Api.BeginHijack(attachTo.ToString(), on: forAttach);
        PendingCall waiting = call.Api.BeginAside("POST", new Query($"/containers/{id}/wait").Add("condition", request.AutoRemove ? "removed" : "next-exit").ToString(), forWait);
        using Hijacked streams = attaching.FinishHijack();
        using ApiResponse wait = waiting.Finish();
        call.Session.Trace.Mark("attached");
        PendingCall starting = call.Api.Begin("POST", $"/containers/{id}/start");

        // From here on the daemon is busy: what we still have to prepare costs nothing.
        var options = new PumpOptions(request.AttachStdin, request.AttachStdout, request.AttachStderr, request.Tty, keys, bytes => Standard.Show(call.Out, bytes));
        using var foreground = new Foreground(call.Session, "containers", id, options);
        foreground.Enter(call.Arguments.Is("sig-proxy", true));
        try
        {
            starting.Finish().ReadAll();
            call.Session.Trace.Mark("start answered");
        }
        catch (ApiException)
        {
            if (request.AutoRemove)
            {
                wait.ReadAll(); // so that its name is free again when we end
            }

            throw;
        }

        foreground.Resize();
        if (foreground.Stream(streams) == PumpEnd.Detached)
        {
            return 0;
        }

        int code = ExitCode(wait);
        call.Session.Trace.Mark("exit code read");
        return code;
    }

    /// <summary>What "wait" answered in the end.</summary>
    public static int ExitCode(ApiResponse wait)
    {
        JsonObject answer = JsonParser.ParseObject(wait.ReadAll());
        return answer.TryObject("Error", out JsonObject? error) && error.Text("Message") is { Length: > 0 } message
            ? throw new CliException($"Error waiting for container: {message}", 125)
            : (int)answer.Int("StatusCode");
    }
}
