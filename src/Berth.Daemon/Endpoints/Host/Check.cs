using System.Threading.Channels;
using Berth.Api;
using Berth.Daemon.Http;
using Berth.Images.Check;
using Berth.Storage.Check;

namespace Berth.Daemon.Endpoints.Host;

/// <summary>POST /berth/system-check, an operation of our own: a line for each finding, then the summary. ?repair=1 repairs.</summary>
internal static class Check
{
    public static async Task HandleAsync(ApiCall call)
    {
        var findings = Channel.CreateUnbounded<CheckFinding>();
        Task<CheckSummary> checking = RunAsync(call, findings.Writer);
        await call.StartStreamAsync().ConfigureAwait(false);
        await foreach (CheckFinding finding in findings.Reader.ReadAllAsync(call.Aborted).ConfigureAwait(false))
        {
            await WriteAsync(call, Shape(finding)).ConfigureAwait(false);
        }

        try
        {
            await WriteAsync(call, new SystemCheckMessage { Summary = Shape(await checking.ConfigureAwait(false)) }).ConfigureAwait(false);
        }
        catch (Exception e) when (!call.Aborted.IsCancellationRequested)
        {
            await WriteAsync(call, new SystemCheckMessage { Error = ApiError.Of(e).Message }).ConfigureAwait(false);
        }
    }

    private static async Task<CheckSummary> RunAsync(ApiCall call, ChannelWriter<CheckFinding> findings)
    {
        try
        {
            return await call.Engine.Check.RunAsync(call.Query.Flag("repair"), finding => findings.TryWrite(finding), call.Aborted).ConfigureAwait(false);
        }
        finally
        {
            findings.Complete();
        }
    }

    private static Task WriteAsync(ApiCall call, SystemCheckMessage message) => call.WriteLineAsync(message, ApiJson.Wire.SystemCheckMessage);

    private static SystemCheckMessage Shape(CheckFinding finding) => new()
    {
        Kind = finding.Kind.ToString().ToLowerInvariant(),
        Name = finding.Name,
        Problem = finding.Problem,
        Outcome = finding.Outcome,
        Repaired = finding.IsRepaired,
    };

    private static SystemCheckSummary Shape(CheckSummary summary) => new()
    {
        Blobs = summary.Blobs,
        Bytes = summary.Bytes,
        Layers = summary.Layers,
        Images = summary.Images,
        Found = summary.Found,
        Repaired = summary.Repaired,
    };
}
