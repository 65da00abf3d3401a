using Berth.Daemon.Options;
using Berth.Engine;

namespace Berth.Daemon.Http;

/// <summary>What endpoints call.</summary>
/// <param name="Engine">All work.</param>
/// <param name="Options">The command line.</param>
/// <param name="EngineOptions">What was made of it.</param>
/// <param name="EngineId">This data root's id, for GET /info.</param>
internal sealed record DaemonServices(EngineHost Engine, DaemonOptions Options, EngineOptions EngineOptions, string EngineId);
