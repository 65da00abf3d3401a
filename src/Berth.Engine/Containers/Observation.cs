using Berth.Oci.Monitor;

namespace Berth.Engine.Containers;

/// <summary>What the world says of a container, when a daemon starts.</summary>
/// <param name="Monitor">Its monitor answers.</param>
/// <param name="State">state.json, of the run folder.</param>
/// <param name="Exit">exit.json, beside its log; it may be an earlier run's.</param>
public sealed record Observation(bool Monitor, MonitorState? State, ContainerExit? Exit);
