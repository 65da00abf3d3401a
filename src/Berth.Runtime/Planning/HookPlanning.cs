namespace Berth.Runtime.Planning;

/// <summary>Hooks are the parent's; the child only waits for them.</summary>
internal static class HookPlanning
{
    public static void Wait(PlanBuilder plan, PlanInputs inputs)
    {
        if (!inputs.HasHooks)
        {
            return;
        }

        plan.Step("wait for the hooks", "hooks");
        Report.Send(plan, Report.Hooks, "HOOKS");
        plan.Call("read", PlanBuilder.Report, new Argument.Block(new byte[8], "buffer"), 1);

        // read(2) gives 0 when the parent died instead of answering; this message then fails with EPIPE.
        Report.Send(plan, Report.Hooks, "HOOKS");
    }
}
