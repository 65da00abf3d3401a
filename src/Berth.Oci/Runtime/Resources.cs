namespace Berth.Oci.Runtime;

/// <summary>What the cgroups limit.</summary>
public sealed record Resources
{
    public IReadOnlyList<DeviceRule>? Devices { get; init; }

    public MemoryResources? Memory { get; init; }

    public CpuResources? Cpu { get; init; }

    public PidsResources? Pids { get; init; }

    public BlockIOResources? BlockIO { get; init; }

    public IReadOnlyList<HugepageLimit>? HugepageLimits { get; init; }

    public NetworkResources? Network { get; init; }

    public IReadOnlyDictionary<string, string>? Unified { get; init; }
}
