using System.Buffers.Text;
using System.Text;

using Berth.Linux.Trees;

namespace Berth.Storage.Tar;

/// <summary>What a pax header says of the next entry (or a global one of all that follow). POSIX pax, "pax Header Block"; values are bytes.</summary>
internal sealed class PaxRecords
{
    private readonly Dictionary<string, byte[]> _values = new(StringComparer.Ordinal);
    private readonly List<TreeXattr> _xattrs = [];
    private readonly List<TarSparsePiece> _sparse = [];
    private long? _sparseOffset;

    public IReadOnlyList<TreeXattr> Xattrs => _xattrs;

    /// <summary>GNU.sparse.offset and numbytes, one pair a piece (PAX format 0.0).</summary>
    public IReadOnlyList<TarSparsePiece> SparsePairs => _sparse;

    public byte[]? this[string key] => _values.GetValueOrDefault(key);

    public long? Number(string key)
    {
        if (this[key] is not { } text)
        {
            return null;
        }

        return Utf8Parser.TryParse(text, out long number, out int used) && used == text.Length
            ? number : throw new TarException($"damaged archive: {key}={Encoding.UTF8.GetString(text)} is not a number");
    }

    /// <summary>A time: seconds, and a fraction of any length of which nanoseconds count.</summary>
    public (long Seconds, uint Nanoseconds)? Time(string key)
    {
        if (this[key] is not { } text)
        {
            return null;
        }

        int dot = text.AsSpan().IndexOf((byte)'.');
        ReadOnlySpan<byte> whole = dot < 0 ? text : text.AsSpan(0, dot);
        ReadOnlySpan<byte> fraction = dot < 0 ? [] : text.AsSpan(dot + 1);
        bool negative = whole.StartsWith("-"u8);
        if (!Utf8Parser.TryParse(whole, out long seconds, out int used) || used != whole.Length || fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            throw new TarException($"damaged archive: {key}={Encoding.UTF8.GetString(text)} is not a time");
        }

        uint nanoseconds = 0;
        for (int i = 0; i < 9; i++)
        {
            nanoseconds = (nanoseconds * 10) + (i < fraction.Length ? (uint)(fraction[i] - '0') : 0);
        }

        // -1.25 s is two seconds before 1970 and 0.75 s on, as timespec has it.
        return negative && nanoseconds > 0 ? (seconds - 1, 1_000_000_000 - nanoseconds) : (seconds, nanoseconds);
    }

    /// <summary>Reads the body of a header: records of "LENGTH KEY=VALUE\n", the length counting itself.</summary>
    public void Add(ReadOnlySpan<byte> body)
    {
        while (!body.IsEmpty)
        {
            int space = body.IndexOf((byte)' ');
            if (space <= 0 || !Utf8Parser.TryParse(body[..space], out int length, out int used) || used != space || length <= space + 1
                || length > body.Length || body[length - 1] != '\n')
            {
                throw new TarException("damaged archive: a pax header's record has a wrong length");
            }

            ReadOnlySpan<byte> record = body[(space + 1)..(length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals <= 0)
            {
                throw new TarException("damaged archive: a pax header's record has no name");
            }

            Set(Encoding.UTF8.GetString(record[..equals]), record[..equals], record[(equals + 1)..].ToArray());
            body = body[length..];
        }
    }

    /// <summary>These with <paramref name="local"/> on top.</summary>
    public PaxRecords With(PaxRecords? local)
    {
        if (local is null)
        {
            return this;
        }

        var both = new PaxRecords();
        foreach (PaxRecords records in (PaxRecords[])[this, local])
        {
            foreach ((string key, byte[] value) in records._values)
            {
                both._values[key] = value;
            }

            both._xattrs.AddRange(records._xattrs);
            both._sparse.AddRange(records._sparse);
        }

        return both;
    }

    private void Set(string key, ReadOnlySpan<byte> keyBytes, byte[] value)
    {
        const string Xattr = "SCHILY.xattr.";
        if (key.StartsWith(Xattr, StringComparison.Ordinal))
        {
            byte[] name = keyBytes[Xattr.Length..].ToArray();
            _xattrs.RemoveAll(x => x.Name.AsSpan().SequenceEqual(name));
            _xattrs.Add(new TreeXattr(name, value));
            return;
        }

        _values[key] = value;
        switch (key)
        {
            case "GNU.sparse.offset":
                _sparseOffset = Number(key);
                break;
            case "GNU.sparse.numbytes":
                _sparse.Add(new TarSparsePiece(_sparseOffset ?? throw new TarException("damaged archive: a sparse piece has no offset"), Number(key)!.Value));
                _sparseOffset = null;
                break;
            case var _ when value.Length == 0:
                _values.Remove(key); // an empty value takes back what was said before (POSIX)
                break;
        }
    }
}
