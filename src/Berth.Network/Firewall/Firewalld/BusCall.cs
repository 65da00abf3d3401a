using System.Text;

namespace Berth.Network.Firewall.Firewalld;

/// <summary>A method call over D-Bus whose arguments are strings. Pure.</summary>
/// <param name="Destination">The bus name of who is called.</param>
/// <param name="Path">The object.</param>
/// <param name="Interface">Of the method.</param>
/// <param name="Member">The method.</param>
internal sealed record BusCall(string Destination, string Path, string Interface, string Member)
{
    private const byte MethodCall = 1, NoAutoStart = 2;

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The message (D-Bus Specification, "Message Format"), little-endian. A service that does not run is not started for it.</summary>
    /// <param name="serial">By which the answer names it; not 0.</param>
    public byte[] ToBytes(uint serial)
    {
        byte[] body = Body();
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write([(byte)'l', MethodCall, NoAutoStart, 1]);
        writer.Write((uint)body.Length);
        writer.Write(serial);
        writer.Write(0U); // the length of the header's fields, below
        Field(writer, 1, 'o', Path);
        Field(writer, 2, 's', Interface);
        Field(writer, 3, 's', Member);
        Field(writer, 6, 's', Destination);
        if (Arguments.Count > 0)
        {
            Pad(writer, 8);
            writer.Write([8, 1, (byte)'g', 0]);
            Signature(writer, new string('s', Arguments.Count));
        }

        uint fields = (uint)bytes.Length - 16;
        Pad(writer, 8);
        writer.Write(body);
        writer.Seek(12, SeekOrigin.Begin);
        writer.Write(fields);
        writer.Flush();
        return bytes.ToArray();
    }

    private byte[] Body()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        foreach (string argument in Arguments)
        {
            Text(writer, argument);
        }

        writer.Flush();
        return bytes.ToArray();
    }

    private static void Field(BinaryWriter writer, byte code, char type, string value)
    {
        Pad(writer, 8);
        writer.Write([code, 1, (byte)type, 0]);
        Text(writer, value);
    }

    private static void Text(BinaryWriter writer, string value)
    {
        Pad(writer, 4);
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        writer.Write((uint)bytes.Length);
        writer.Write(bytes);
        writer.Write((byte)0);
    }

    private static void Signature(BinaryWriter writer, string value)
    {
        writer.Write((byte)value.Length);
        writer.Write(Encoding.ASCII.GetBytes(value));
        writer.Write((byte)0);
    }

    private static void Pad(BinaryWriter writer, int to)
    {
        while (writer.BaseStream.Position % to != 0)
        {
            writer.Write((byte)0);
        }
    }
}
