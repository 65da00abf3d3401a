using Berth.Linux.Interop;

namespace Berth.Linux.Seccomp;

/// <summary>Code for conditions on arguments, which BPF sees as two halves of 32 bits, the lower first (little-endian machines only).</summary>
internal static class SeccompConditions
{
    private const uint OffsetOfArguments = 16;

    /// <summary>Code that ends in a return whatever the arguments are: the first rule that holds decides.</summary>
    public static Libc.sock_filter[] Decide(IEnumerable<SeccompProfileRule> rules, uint otherwise)
    {
        var code = new List<Libc.sock_filter>();
        foreach (SeccompProfileRule rule in rules)
        {
            uint action = SeccompRanges.Value(rule.Action, rule.Errno);
            if (rule.Conditions.Count == 0)
            {
                code.Add(Bpf.Return(action));
                return [.. code];
            }

            bool alternatives = rule.Conditions.DistinctBy(c => c.Index).Count() < rule.Conditions.Count;
            foreach (SeccompCondition[] together in alternatives ? rule.Conditions.Select(c => new[] { c }) : [[.. rule.Conditions]])
            {
                code.AddRange(When(together, action));
            }
        }

        code.Add(Bpf.Return(otherwise));
        return [.. code];
    }

    // Built from the end: a failed comparison jumps over all that is there already.
    private static List<Libc.sock_filter> When(SeccompCondition[] conditions, uint action)
    {
        List<Libc.sock_filter> code = [Bpf.Return(action)];
        foreach (SeccompCondition condition in conditions.Reverse())
        {
            code.InsertRange(0, Compare(condition, (byte)code.Count));
        }

        return code;
    }

    private static Libc.sock_filter[] Compare(SeccompCondition c, byte fail)
    {
        Libc.sock_filter low = Bpf.Load(OffsetOfArguments + 8 * (uint)c.Index), high = Bpf.Load(OffsetOfArguments + 8 * (uint)c.Index + 4);
        (uint lowValue, uint highValue) = ((uint)c.Value, (uint)(c.Value >> 32));
        return c.Operator switch
        {
            SeccompOperator.Equal => [high, Jeq(highValue, 0, fail + 2), low, Jeq(lowValue, 0, fail)],
            SeccompOperator.NotEqual => [high, Jeq(highValue, 0, 2), low, Jeq(lowValue, fail, 0)],
            SeccompOperator.Greater => [high, Jgt(highValue, 3, 0), Jeq(highValue, 0, fail + 2), low, Jgt(lowValue, 0, fail)],
            SeccompOperator.GreaterOrEqual => [high, Jgt(highValue, 3, 0), Jeq(highValue, 0, fail + 2), low, Jge(lowValue, 0, fail)],
            SeccompOperator.Less => [high, Jgt(highValue, fail + 3, 0), Jeq(highValue, 0, 2), low, Jge(lowValue, fail, 0)],
            SeccompOperator.LessOrEqual => [high, Jgt(highValue, fail + 3, 0), Jeq(highValue, 0, 2), low, Jgt(lowValue, fail, 0)],
            _ =>
            [
                high, Bpf.And(highValue), Jeq((uint)(c.Masked >> 32), 0, fail + 3),
                low, Bpf.And(lowValue), Jeq((uint)c.Masked, 0, fail),
            ],
        };
    }

    private static Libc.sock_filter Jeq(uint value, int whenTrue, int whenFalse) => Bpf.Jump(Libc.BPF_JMP_JEQ_K, value, (byte)whenTrue, (byte)whenFalse);

    private static Libc.sock_filter Jgt(uint value, int whenTrue, int whenFalse) => Bpf.Jump(Libc.BPF_JMP_JGT_K, value, (byte)whenTrue, (byte)whenFalse);

    private static Libc.sock_filter Jge(uint value, int whenTrue, int whenFalse) => Bpf.Jump(Libc.BPF_JMP_JGE_K, value, (byte)whenTrue, (byte)whenFalse);
}
