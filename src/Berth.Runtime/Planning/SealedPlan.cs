using System.Runtime.InteropServices;
using System.Text;

using Berth.Linux.Seccomp;
using Berth.Runtime.Init;

namespace Berth.Runtime.Planning;

/// <summary>A plan in one block of unmanaged memory: steps, slots, then strings, vectors and structures. Freed by disposing.</summary>
internal sealed unsafe class SealedPlan : IDisposable
{
    private byte* _block;

    private SealedPlan(byte* block, int count, InitStep* steps, long* slots)
    {
        _block = block;
        Count = count;
        Steps = steps;
        Slots = slots;
    }

    public int Count { get; }

    public InitStep* Steps { get; }

    public long* Slots { get; }

    public static SealedPlan Of(InitPlan plan, IReadOnlyDictionary<string, int> descriptors, int? failStep)
    {
        int head = sizeof(InitStep) * plan.Calls.Count + sizeof(long) * plan.Slots;
        int size = head;
        foreach (PlannedCall call in plan.Calls)
        {
            foreach (Argument argument in call.Arguments)
            {
                size += Size(argument);
            }
        }

        byte* block = (byte*)NativeMemory.AllocZeroed((nuint)size);
        var steps = (InitStep*)block;
        long* slots = (long*)(block + sizeof(InitStep) * plan.Calls.Count);
        for (int i = 0; i < plan.Slots; i++)
        {
            slots[i] = -1;
        }

        slots[0] = descriptors["report"];
        var layout = new Layout(block + head, descriptors);
        for (int i = 0; i < plan.Calls.Count; i++)
        {
            Write(steps + i, plan.Calls[i], i, ref layout);
        }

        if (failStep is { } k && k < plan.Calls.Count)
        {
            steps[k] = new InitStep { Number = SyscallTable.Native("close"), Result = -1 };
            steps[k].Args[0] = -1;
        }

        return new SealedPlan(block, plan.Calls.Count, steps, slots);
    }

    public void Dispose()
    {
        NativeMemory.Free(_block);
        _block = null;
    }

    private static void Write(InitStep* step, PlannedCall call, int index, ref Layout layout)
    {
        step->Number = SyscallTable.Native(call.Name);
        step->Result = (short)(call.Into?.Index ?? -1);
        step->Skip = Distance(call.OnTolerated, index);
        step->Leap = Distance(call.OnSuccess, index);
        foreach (int errno in call.Tolerated)
        {
            step->Tolerated |= 1UL << errno;
        }

        for (int a = 0; a < call.Arguments.Count; a++)
        {
            if (call.Arguments[a] is Argument.Result result)
            {
                step->SlotMask |= (byte)(1 << a);
                step->Args[a] = result.Slot.Index;
            }
            else
            {
                step->Args[a] = layout.Place(call.Arguments[a]);
            }
        }
    }

    // How many calls are left out: the loop adds one by itself.
    private static short Distance(Label? label, int index)
    {
        if (label is null)
        {
            return 0;
        }

        int distance = (label.Index ?? throw new InvalidOperationException("a label of the plan was never marked")) - index - 1;
        return distance < 0 ? throw new InvalidOperationException("a plan only goes forward") : (short)distance;
    }

    private static int Size(Argument argument) => argument switch
    {
        Argument.Text t => Aligned(Encoding.UTF8.GetByteCount(t.Value) + 1),
        Argument.TextVector v => 8 * (v.Values.Count + 1) + v.Values.Sum(s => Aligned(Encoding.UTF8.GetByteCount(s) + 1)),
        Argument.Block b => Aligned(b.Data.Length) + b.Pointers.Sum(p => Size(p.Target)),
        _ => 0,
    };

    private static int Aligned(int size) => (size + 7) & ~7;

    // Writes behind the slots; Size has counted every byte of it.
    private ref struct Layout(byte* next, IReadOnlyDictionary<string, int> descriptors)
    {
        private byte* _next = next;

        public long Place(Argument argument) => argument switch
        {
            Argument.Number n => n.Value,
            Argument.Inherited i => descriptors[i.Name] + i.Offset,
            Argument.Text t => (long)PlaceText(t.Value),
            Argument.TextVector v => (long)PlaceVector(v.Values),
            Argument.Block b => (long)PlaceBlock(b),
            _ => throw new InvalidOperationException("a result inside a structure"),
        };

        private byte* PlaceText(string text)
        {
            byte* at = _next;
            int length = Encoding.UTF8.GetBytes(text, new Span<byte>(at, Encoding.UTF8.GetByteCount(text)));
            _next += Aligned(length + 1);
            return at;
        }

        private byte* PlaceVector(IReadOnlyList<string> values)
        {
            byte* at = _next;
            _next += 8 * (values.Count + 1);
            for (int i = 0; i < values.Count; i++)
            {
                ((byte**)at)[i] = PlaceText(values[i]);
            }

            return at;
        }

        private byte* PlaceBlock(Argument.Block block)
        {
            byte* at = _next;
            block.Data.CopyTo(new Span<byte>(at, block.Data.Length));
            _next += Aligned(block.Data.Length);
            foreach ((int offset, Argument target) in block.Pointers)
            {
                *(long*)(at + offset) = Place(target);
            }

            return at;
        }
    }
}
