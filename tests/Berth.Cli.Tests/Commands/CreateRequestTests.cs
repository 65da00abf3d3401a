using System.Text.Json;

using Berth.Api;

namespace Berth.Cli.Tests.Commands;

/// <summary>Every flag of run and create, as it goes over the wire.</summary>
public sealed class CreateRequestTests
{
    [Theory]
    [InlineData("bare", "busybox")]
    [InlineData("command", "busybox ls -la --rm")]
    [InlineData("general", "-i -e A=1 -e B=x --entrypoint sh -h host --domainname d -l a=b -l c --read-only --restart on-failure:3 --stop-signal INT --stop-timeout 5 -u 1:2 -w /w --group-add x busybox")]
    [InlineData("streams", "-a stdout -a STDERR busybox")]
    [InlineData("entrypoint-reset", "--entrypoint= busybox x")]
    [InlineData("security", "--cap-add ALL --cap-drop NET_RAW --privileged --security-opt no-new-privileges --security-opt seccomp=unconfined --userns host --cgroupns private busybox")]
    [InlineData("systempaths", "--security-opt systempaths=unconfined busybox")]
    [InlineData("network", "--add-host a:1.2.3.4 --add-host b=[::1] --dns 1.1.1.1 --dns-option ndots:2 --dns-search x.y --expose 80-82/udp --network net1 --network-alias al --ip 10.0.0.2 --ip6 fd00::2 --link-local-ip 169.254.1.1 --mac-address 92:d0:c6:0a:29:33 busybox")]
    [InlineData("network-long", "--network name=net1,alias=a,alias=b,ip=10.0.0.2,mac-address=92:d0:c6:0a:29:33,driver-opt=k=v,gw-priority=5 --network net2 busybox")]
    [InlineData("network-none", "--net none busybox")]
    [InlineData("ports", "-p 80 -p 8080:80 -p 127.0.0.1:53:53/udp -p 7000-7002:8000-8002 -p 9000-9005:90 -p [::1]:1:1 -P busybox")]
    [InlineData("ports-long", "-p published=8080,target=80,protocol=udp busybox")]
    [InlineData("storage", "--log-driver json-file --log-opt max-size=1m --volume-driver vd --storage-opt size=1G --tmpfs /t --tmpfs /u:size=1m --volumes-from x:ro -v /a:/b:ro -v vol:/c -v /anon --shm-size 64m busybox")]
    [InlineData("mounts", "--mount type=bind,source=/a,target=/b,readonly,bind-propagation=rslave --mount type=volume,src=v,dst=/v,volume-nocopy,volume-label=a=b,volume-driver=d,volume-opt=o=p,volume-subpath=s --mount type=tmpfs,dst=/t,tmpfs-size=1m,tmpfs-mode=1770 --mount type=image,src=busybox,dst=/i,image-subpath=x busybox")]
    [InlineData("health", "--health-cmd true --health-interval 5s --health-retries 3 --health-timeout 1m --health-start-period 10s --health-start-interval 500ms busybox")]
    [InlineData("no-health", "--no-healthcheck busybox")]
    [InlineData("resources", "-m 64m --memory-reservation 32m --memory-swap -1 --memory-swappiness 10 --oom-kill-disable --oom-score-adj 5 --pids-limit 50 --cpus 1.5 -c 512 --cpu-period 1 --cpu-quota 2 --cpu-rt-period 3 --cpu-rt-runtime 4 --cpuset-cpus 0-1 --cpuset-mems 0 --ulimit nofile=1:2 --ulimit core=-1 busybox")]
    [InlineData("devices", "--device /dev/fuse --device /dev/a:/dev/b:r --device v.com/c=d --device-cgroup-rule|c 1:3 mr|--blkio-weight 100 --blkio-weight-device /dev/a:200 --device-read-bps /dev/a:1mb --device-write-iops /dev/a:5 --gpus all busybox")]
    [InlineData("gpus", "--gpus|device=1,driver=d,\"capabilities=x,y\",options=a=b|busybox")]
    [InlineData("low-level", "--annotation a=b --cgroup-parent /p --init --ipc host --pid host --runtime r --uts host --sysctl net.x=1 --isolation default busybox")]
    [InlineData("init-off", "--init=false busybox")]
    public void IsAsWritten(string name, string line)
    {
        string body = Create(line);
        using JsonDocument document = JsonDocument.Parse(body);
        Golden.Check($"create/{name}.json", Berth.Cli.Json.JsonText.Indented(Berth.Cli.Json.JsonParser.Parse(System.Text.Encoding.UTF8.GetBytes(body))) + "\n");
        RefuseUnknownMembers(document.RootElement, JsonSerializer.SerializeToElement(
            JsonSerializer.Deserialize(body, ApiJson.Default.ContainerCreateRequest), ApiJson.Default.ContainerCreateRequest), "");
    }

    // What the daemon's own types drop when they read it would be an option that is silently ignored.
    private static void RefuseUnknownMembers(JsonElement sent, JsonElement read, string path)
    {
        if (sent.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (JsonProperty member in sent.EnumerateObject())
        {
            Assert.True(read.TryGetProperty(member.Name, out JsonElement kept), $"{path}.{member.Name} is not known to the API's types");
            RefuseUnknownMembers(member.Value, kept, $"{path}.{member.Name}");
        }
    }

    private static string Create(string line)
    {
        string[] words = line.Split('|').SelectMany((part, i) => i % 2 == 0 ? part.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [part]).ToArray();
        using FakeDaemon daemon = new FakeDaemon().On("POST /containers/create", """{"Id":"x","Warnings":[]}""", 201);
        ClientResult result = Client.Run(daemon, ["create", .. words]);
        Assert.Equal(new ClientResult(0, "x\n", ""), result);
        return Assert.Single(daemon.Requests).Text;
    }
}
