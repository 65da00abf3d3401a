using Berth.Linux.Cgroups;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Oci.Runtime;
using Berth.Runtime.Init;
using Berth.Runtime.Planning;

namespace Berth.Runtime.Commands;

/// <summary>`plan BUNDLE`: prints what the first process would do, and does nothing.</summary>
internal static class PlanCommand
{
    public static int Run(IReadOnlyList<string> args)
    {
        CommandOptions options = CommandOptions.Parse(args);
        string bundle = Path.GetFullPath(options.Arguments.Count > 0 ? options.Arguments[0] : ".");
        RuntimeSpec spec = ContainerFolder.ReadSpec($"{bundle}/config.json");
        ICgroupDriver driver = CgroupHost.Detect();
        using FileDescriptor root = FileDescriptor.Open(Path.Combine(bundle, spec.Root?.Path ?? ""), Libc.O_PATH | Libc.O_DIRECTORY);
        InitPlan plan = InitPlan.Compile(spec, new PlanInputs
        {
            Facts = HostInspection.ForContainer(spec, bundle, root, driver, CgroupSpec.PathOf(spec, "ID"), null),
            Bundle = bundle,
            HasGate = true,
            HasHooks = new ContainerHooks(spec, new LaunchResources { Id = "ID", Bundle = bundle }).AreBeforeStart,
            Hierarchies = driver.Version == 1 ? [.. driver.Hierarchies.Select(h => h.Name)] : [],
        });
        Print.Line(plan.ToString().TrimEnd('\n'));
        return 0;
    }
}
