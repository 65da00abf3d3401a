using Berth.Cli.CommandLine;
using Berth.Cli.Json;
using Berth.Cli.Specs;

namespace Berth.Cli.Commands.Containers;

/// <summary>The limits among the flags, and the devices.</summary>
internal sealed class ResourceRequest(Arguments given)
{
    public void Write(JsonBuilder json)
    {
        long swappiness = given.Int("memory-swappiness", -1);
        if (swappiness is < -1 or > 100)
        {
            throw new SpecException($"invalid value: {swappiness}. Valid memory swappiness range is 0-100");
        }

        json.Text("CgroupParent", Given("cgroup-parent"))
            .Int("Memory", Bytes("memory")).Int("MemoryReservation", Bytes("memory-reservation"))
            .Int("MemorySwap", given.Given("memory-swap") ? LimitSpecs.Swap(given.Text("memory-swap")) : null)
            .Int("MemorySwappiness", given.Given("memory-swappiness") ? swappiness : null)
            .Int("KernelMemory", Bytes("kernel-memory"))
            .Is("OomKillDisable", given.Is("oom-kill-disable") ? true : null).Int("OomScoreAdj", Number("oom-score-adj"))
            .Int("PidsLimit", Number("pids-limit"));
        WriteProcessors(json);
        WriteBlockDevices(json);
        WriteDevices(json);
        json.Objects("Ulimits", Some("ulimit")?.Select(LimitSpecs.Ulimit).GroupBy(u => u.Name).Select(g => g.Last()).OrderBy(u => u.Name, StringComparer.Ordinal),
            static (u, limit) => u.Text("Name", limit.Name).Int("Hard", limit.Hard).Int("Soft", limit.Soft));
    }

    private void WriteProcessors(JsonBuilder json) => json
        .Int("NanoCpus", given.Given("cpus") ? LimitSpecs.Cpus(given.Text("cpus")) : null)
        .Int("CpuCount", Number("cpu-count")).Int("CpuPercent", Number("cpu-percent")).Int("CpuShares", Number("cpu-shares"))
        .Int("CpuPeriod", Number("cpu-period")).Int("CpuQuota", Number("cpu-quota"))
        .Int("CpuRealtimePeriod", Number("cpu-rt-period")).Int("CpuRealtimeRuntime", Number("cpu-rt-runtime"))
        .Text("CpusetCpus", Given("cpuset-cpus")).Text("CpusetMems", Given("cpuset-mems"));

    private void WriteBlockDevices(JsonBuilder json)
    {
        json.Int("BlkioWeight", Number("blkio-weight"))
            .Int("IOMaximumIOps", Number("io-maxiops")).Int("IOMaximumBandwidth", Bytes("io-maxbandwidth"))
            .Objects("BlkioWeightDevice", Some("blkio-weight-device")?.Select(LimitSpecs.WeightDevice), static (d, device) => d.Text("Path", device.Path).Int("Weight", device.Weight));
        Rates(json, "BlkioDeviceReadBps", "device-read-bps", LimitSpecs.BytesRate);
        Rates(json, "BlkioDeviceWriteBps", "device-write-bps", LimitSpecs.BytesRate);
        Rates(json, "BlkioDeviceReadIOps", "device-read-iops", LimitSpecs.OperationsRate);
        Rates(json, "BlkioDeviceWriteIOps", "device-write-iops", LimitSpecs.OperationsRate);
    }

    private void Rates(JsonBuilder json, string name, string flag, Func<string, (string Path, long Rate)> parse) =>
        json.Objects(name, Some(flag)?.Select(parse), static (d, device) => d.Text("Path", device.Path).Int("Rate", device.Rate));

    private void WriteDevices(JsonBuilder json)
    {
        List<string> cdi = given.All("device").Where(DeviceSpec.IsQualifiedName).ToList();
        List<DeviceSpec> devices = given.All("device").Where(d => !DeviceSpec.IsQualifiedName(d)).Select(DeviceSpec.Parse).ToList();
        json.Objects("Devices", devices.Count > 0 ? devices : null,
            static (d, device) => d.Text("PathOnHost", device.PathOnHost).Text("PathInContainer", device.PathInContainer).Text("CgroupPermissions", device.Permissions));
        json.List("DeviceCgroupRules", Some("device-cgroup-rule"));
        List<Action<JsonBuilder>> requests = given.All("gpus").Select(GpuSpec.Parse).Select(g => (Action<JsonBuilder>)g.Write).ToList();
        if (cdi.Count > 0)
        {
            requests.Add(json => json.Text("Driver", "cdi").List("DeviceIDs", cdi));
        }

        json.Objects("DeviceRequests", requests.Count > 0 ? requests : null, static (r, write) => write(r));
    }

    private string? Given(string flag) => given.Text(flag) is { Length: > 0 } text ? text : null;

    private long? Number(string flag) => given.Given(flag) ? given.Int(flag) : null;

    private long? Bytes(string flag) => given.Given(flag) ? given.Bytes(flag) : null;

    private IReadOnlyList<string>? Some(string flag) => given.All(flag) is { Count: > 0 } all ? all : null;
}
