namespace Berth.Engine;

/// <summary>Ids of containers, execs and anonymous volumes: 64 hex digits that nobody can have had before.</summary>
internal static class ObjectId
{
    public static string New()
    {
        while (true)
        {
            // From Guid, because it asks the kernel; the random number classes would load OpenSSL (milliseconds and megabytes).
            string id = string.Concat(Nibbles(), Nibbles(), Nibbles().AsSpan(0, 4));

            // The short form must not look like a number: it becomes a host name, and a number would be taken for an address.
            if (id.AsSpan(0, 12).ContainsAnyExceptInRange('0', '9'))
            {
                return id;
            }
        }
    }

    // Without the two digits that are the same in every one (RFC 9562, version and variant).
    private static string Nibbles() => Guid.NewGuid().ToString("N").Remove(16, 1).Remove(12, 1);
}
