using System.Net.Sockets;

using Berth.Api;
using Berth.Engine.Containers;
using Berth.Engine.Events;
using Berth.Engine.Links;
using Berth.Engine.Monitors;
using Berth.Engine.Spec;
using Berth.Engine.Streams;
using Berth.Oci.Monitor;
using Berth.Storage;
using Berth.Storage.Failpoints;

namespace Berth.Engine.Exec;

/// <summary>Further programs in running containers. The monitor forks them; what they are lies in rows, how they ended too.</summary>
public sealed class Execs
{
    private readonly ContainerRegistry _containers;
    private readonly ExecRegistry _execs;
    private readonly EventLog _events;
    private readonly HostFacts _host;
    private readonly Durable _durable;
    private readonly ContainerLinks _links;

    internal Execs(ContainerRegistry containers, ExecRegistry execs, EventLog events, HostFacts host, Durable durable, ContainerLinks links) =>
        (_containers, _execs, _events, _host, _durable, _links) = (containers, execs, events, host, durable, links);

    public async Task<IDResponse> CreateAsync(string container, ExecCreateRequest request, CancellationToken cancel)
    {
        if (request.Cmd is not { Count: > 0 })
        {
            throw EngineException.Invalid("No exec command specified");
        }

        DetachKeys.Parse(request.DetachKeys);
        ContainerRecord record = Running(_containers.Find(container).Record);
        var document = new ExecDocument { Id = ObjectId.New(), Container = record.Id, Request = request };
        await _execs.AddAsync(document, ContainerEvents.Of(record, $"exec_create: {string.Join(' ', request.Cmd)}", ("execID", document.Id)));
        return new IDResponse { Id = document.Id };
    }

    /// <summary>Starts an exec. Null: it was asked for detached and runs.</summary>
    public async Task<StreamSession?> StartAsync(string exec, ExecStartRequest request, CancellationToken cancel)
    {
        ExecEntry entry = _execs.Find(exec);
        ContainerActor actor = _containers.Find(entry.Document.Container);
        Running(actor.Record);
        if (!entry.TryClaim())
        {
            throw EngineException.Conflict(entry.Status.ExitCode is null ? $"exec command {exec} is already running" : $"exec command {exec} has already run");
        }

        ExecCreateRequest asked = entry.Document.Request;
        bool terminal = asked.Tty == true;
        if (request.Detach == true)
        {
            (await RunAsync(actor, entry, request, attach: null)).Dispose();
            return null;
        }

        var streams = new MonitorAttachment { Stdin = asked.AttachStdin == true, Stdout = asked.AttachStdout == true, Stderr = asked.AttachStderr == true };
        return new ExecSession(
            terminal,
            streams.Stdin,
            terminal && streams.Stdin ? DetachKeys.Parse(asked.DetachKeys) : null,
            () => RunAsync(actor, entry, request, streams),
            entry,
            () => _ = _events.PostAsync(ContainerEvents.Of(actor.Record, "exec_detach", ("execID", exec))));
    }

    public Task<ExecInspectResponse> InspectAsync(string exec, CancellationToken cancel)
    {
        ExecEntry entry = _execs.Find(exec);
        (ExecCreateRequest asked, ExecStatus status) = (entry.Document.Request, entry.Status);
        ContainerConfig? config = _containers.TryFind(entry.Document.Container)?.Record.Document.Config;
        return Task.FromResult(new ExecInspectResponse
        {
            ID = entry.Document.Id,
            Running = status.Running,
            ExitCode = status.ExitCode,
            ProcessConfig = new ProcessConfig
            {
                Tty = asked.Tty == true,
                Entrypoint = asked.Cmd![0],
                Arguments = [.. asked.Cmd.Skip(1)],
                Privileged = asked.Privileged == true,
                User = string.IsNullOrEmpty(asked.User) ? config?.User : asked.User,
            },
            OpenStdin = asked.AttachStdin == true,
            OpenStdout = asked.AttachStdout == true,
            OpenStderr = asked.AttachStderr == true,
            CanRemove = false,
            ContainerID = entry.Document.Container,
            DetachKeys = asked.DetachKeys ?? "",
            Pid = status.Pid,
        });
    }

    public async Task ResizeAsync(string exec, int rows, int columns, CancellationToken cancel)
    {
        ExecEntry entry = _execs.Find(exec);
        ContainerActor actor = _containers.Find(entry.Document.Container);
        if (actor.Monitor is not { } monitor || !entry.Status.Running)
        {
            throw EngineException.Conflict($"exec {exec} is not running");
        }

        if (entry.Document.Request.Tty == true)
        {
            await monitor.ResizeAsync(rows, columns, exec, cancel);
        }
    }

    private async Task<Socket> RunAsync(ContainerActor actor, ExecEntry entry, ExecStartRequest request, MonitorAttachment? attach)
    {
        ExecDocument document = entry.Document;
        try
        {
            ContainerRecord record = Running(actor.Record);
            MonitorLink monitor = actor.Monitor ?? throw EngineException.Conflict($"Container {record.Id} is not running");
            _ = _events.PostAsync(ContainerEvents.Of(record, $"exec_start: {string.Join(' ', document.Request.Cmd!)}", ("execID", document.Id)));
            var exec = new MonitorExec
            {
                Id = document.Id,
                Process = ExecProcess.Of(record, document.Request, request.ConsoleSize, _host, _links.Environment(record)),
                OpenStdin = document.Request.AttachStdin == true,
                Attach = attach,
            };
            await _execs.UpdateAsync(entry, entry.Status with { Started = true }, null);
            (Socket socket, MonitorReply reply) = await monitor.ExecAsync(exec, CancellationToken.None);
            _durable.Step("exec");
            if (reply.Failed is { } failed)
            {
                socket.Dispose();
                throw await FailAsync(entry, failed);
            }

            // It may have ended already: that report stands.
            if (entry.Status.ExitCode is null)
            {
                entry.Publish(entry.Status with { Pid = reply.Pid ?? 0 });
            }

            return socket;
        }
        catch (EngineException e) when (entry.Status.ExitCode is null)
        {
            await _execs.UpdateAsync(entry, entry.Status with { Started = true, ExitCode = 126, FinishedAt = DateTimeOffset.UtcNow }, null);
            throw new EngineException(e.Kind, e.Message, e);
        }
    }

    private async Task<EngineException> FailAsync(ExecEntry entry, MonitorFailure failed)
    {
        int code = failed.ExitCode is 126 or 127 ? failed.ExitCode : 126;
        await _execs.UpdateAsync(entry, entry.Status with { Started = true, ExitCode = code, FinishedAt = DateTimeOffset.UtcNow }, null);
        return EngineException.Invalid($"OCI runtime exec failed: exec failed: unable to start container process: {failed.Message}: unknown");
    }

    private static ContainerRecord Running(ContainerRecord record) => record.Phase switch
    {
        Phase.Paused => throw EngineException.Conflict($"Container {record.Id} is paused, unpause the container before exec"),
        Phase.Restarting => throw EngineException.Conflict($"Container {record.Id} is restarting, wait until the container is running"),
        _ when record.IsRunning => record,
        _ => throw EngineException.Conflict($"container {record.Id} is not running"),
    };
}
