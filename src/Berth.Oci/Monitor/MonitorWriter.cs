using Berth.Oci.Json;

namespace Berth.Oci.Monitor;

/// <summary>Writes what a monitor tells, without the serializer. A test has the serializer read it.</summary>
public static class MonitorWriter
{
    public static byte[] Bytes(MonitorState state) => JsonText.Object(j => Write(j, state)).ToBytes();

    public static byte[] Bytes(ContainerExit exit) => JsonText.Object(j => Write(j, exit)).ToBytes();

    public static byte[] Bytes(ExecExit exit) => JsonText.Object(j => Write(j, exit)).ToBytes();

    public static byte[] Bytes(MonitorEvent happened) => JsonText.Object(j => j
        .Member("started", happened.Started, Write)
        .Member("failed", happened.Failed, Write)
        .Member("exited", happened.Exited, Write)
        .Member("execExited", happened.ExecExited, Write)).ToBytes();

    public static byte[] Bytes(MonitorReply reply) => JsonText.Object(j => j.Member("failed", reply.Failed, Write).Member("pid", reply.Pid)).ToBytes();

    private static void Write(JsonText json, MonitorState state) => json
        .Member("pid", state.Pid)
        .Member("pidStartTime", state.PidStartTime)
        .Member("monitorPid", state.MonitorPid)
        .Member("startedAt", state.StartedAt);

    private static void Write(JsonText json, MonitorFailure failure) => json
        .Member("exitCode", failure.ExitCode)
        .Member("step", failure.Step)
        .Member("errno", failure.Errno)
        .Member("message", failure.Message);

    private static void Write(JsonText json, ContainerExit exit) => json
        .Member("exitCode", exit.ExitCode)
        .Member("oomKilled", exit.OomKilled)
        .Member("startedAt", exit.StartedAt)
        .Member("finishedAt", exit.FinishedAt)
        .Member("cpuMicroseconds", exit.CpuMicroseconds);

    private static void Write(JsonText json, ExecExit exit) => json
        .Member("id", exit.Id)
        .Member("exitCode", exit.ExitCode)
        .Member("finishedAt", exit.FinishedAt);
}
