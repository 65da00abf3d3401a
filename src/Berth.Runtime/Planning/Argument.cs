namespace Berth.Runtime.Planning;

/// <summary>One argument of a planned system call.</summary>
internal abstract record Argument
{
    private Argument()
    {
    }

    public static implicit operator Argument(string text) => new Text(text);

    public static implicit operator Argument(long value) => new Number(value, null);

    public static implicit operator Argument(Slot slot) => new Result(slot);

    /// <summary>A number as it is; shown by its name where it has one.</summary>
    internal sealed record Number(long Value, string? Shown) : Argument;

    /// <summary>A zero-terminated UTF-8 string in the plan's own memory.</summary>
    internal sealed record Text(string Value) : Argument;

    /// <summary>A vector of such strings, closed by a null pointer: argv, envp.</summary>
    internal sealed record TextVector(IReadOnlyList<string> Values) : Argument;

    /// <summary>Bytes in the plan's memory: a structure or a scratch buffer. Pointers are written into it at the offsets given.</summary>
    internal sealed record Block(byte[] Data, string Shown, params (int Offset, Argument Target)[] Pointers) : Argument;

    /// <summary>What an earlier call returned.</summary>
    internal sealed record Result(Slot Slot) : Argument;

    /// <summary>A descriptor that the parent opens before the clone, by name; its number is known when the plan is sealed.</summary>
    internal sealed record Inherited(string Name, int Offset = 0) : Argument;
}
