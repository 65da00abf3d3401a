using System.Buffers;

using Berth.Storage;

namespace Berth.Engine.Containers;

/// <summary>What a container may be called, and names for those that were given none.</summary>
public static class ContainerNames
{
    private static readonly SearchValues<char> First = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    private static readonly SearchValues<char> Rest = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    private static readonly string[] Adjectives =
    [
        "able", "agile", "amber", "amused", "ample", "arctic", "astute", "bold", "brave", "breezy", "bright", "brisk", "busy", "calm", "candid",
        "careful", "cheery", "civil", "clear", "clever", "cosy", "crisp", "curious", "daring", "deft", "eager", "early", "easy", "exact", "fair",
        "fancy", "fast", "fine", "firm", "fluent", "fond", "frank", "free", "fresh", "gentle", "glad", "golden", "grand", "handy", "happy",
        "hardy", "honest", "humble", "jolly", "keen", "kind", "lively", "loyal", "lucid", "lucky", "mellow", "merry", "mild", "modest", "neat",
        "nimble", "noble", "patient", "placid", "plain", "polite", "proud", "quick", "quiet", "ready", "sharp", "silent", "simple", "sleek",
        "smart", "snug", "sober", "solid", "stable", "steady", "stoic", "sturdy", "subtle", "sunny", "swift", "tidy", "trusty", "upbeat",
        "vivid", "warm", "wise", "witty", "zealous", "zesty",
    ];

    // Harbours' and ships' people, and those whom computing owes something.
    private static readonly string[] Surnames =
    [
        "allen", "antonelli", "babbage", "backus", "bartik", "boole", "bowditch", "brooks", "cabot", "cerf", "church", "clarke", "codd", "conway",
        "cook", "curie", "darwin", "dijkstra", "drake", "easley", "engelbart", "erlang", "euler", "faraday", "feinler", "floyd", "galileo", "gauss",
        "goldberg", "halley", "hamilton", "hamming", "hoare", "holberton", "hollerith", "hopper", "hypatia", "johnson", "kay", "kepler", "khwarizmi",
        "kleene", "knuth", "lamarr", "lamport", "liskov", "lovelace", "magellan", "mccarthy", "meitner", "mercator", "moore", "napier", "nansen",
        "naur", "neumann", "newton", "noether", "pascal", "perlman", "postel", "ptolemy", "ride", "ritchie", "sammet", "shannon", "snyder",
        "sutherland", "tarjan", "thompson", "torvalds", "turing", "vaughan", "wilkes", "wilson", "wing", "wirth", "yonath", "zuse",
    ];

    /// <summary>The name without its leading slash.</summary>
    /// <exception cref="EngineException">Invalid: a character that a name may not have.</exception>
    public static string Check(string name)
    {
        string bare = name.StartsWith('/') ? name[1..] : name;
        return bare.Length is >= 2 and <= 255 && First.Contains(bare[0]) && !bare.AsSpan(1).ContainsAnyExcept(Rest)
            ? bare
            : throw EngineException.Invalid($"Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
    }

    /// <summary>A name nobody has asked for; with a digit behind it from the second try on.</summary>
    /// <param name="random">Where the choice comes from.</param>
    /// <param name="attempt">From 0.</param>
    public static string MakeUp(Random random, int attempt)
    {
        string name = $"{Adjectives[random.Next(Adjectives.Length)]}_{Surnames[random.Next(Surnames.Length)]}";
        return attempt == 0 ? name : $"{name}{random.Next(10)}";
    }

    public static EngineException Taken(string name, string owner) => EngineException.Conflict(
        $"Conflict. The container name \"/{name}\" is already in use by container \"{owner}\". You have to remove (or rename) that container to be able to reuse that name.");
}
