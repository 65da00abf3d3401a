using Berth.Daemon.Http;

namespace Berth.Daemon.Routing;

/// <summary>Answers one operation: parses, calls one engine method, writes.</summary>
internal delegate Task Endpoint(ApiCall call);
