using System.Net;

namespace Berth.Engine.Networks.Checks;

/// <summary>The last step: whether a program takes what arrives. Pure.</summary>
internal static class ListeningCheck
{
    private const int MostShown = 8;

    // The embedded DNS server's sockets lie in the container's namespace and are none of its own.
    private static readonly IPAddress EmbeddedDns = IPAddress.Parse("127.0.0.11");

    /// <param name="facts">All.</param>
    /// <param name="port">What is to be reached.</param>
    /// <param name="addresses">The target's that it is reached by; null: any, loopback too.</param>
    public static ReachabilityStep Of(ReachabilityFacts facts, CheckedPort port, IReadOnlyList<IPAddress>? addresses)
    {
        string check = $"something listens on {port}", b = facts.To.Name;
        ListeningSocket[] all = [.. facts.Listening.Where(s => !s.Address.Equals(EmbeddedDns))];
        ListeningSocket[] fitting = [.. all.Where(s => s.CheckedPort == port)];
        if (fitting.FirstOrDefault(s => addresses is null || s.OnEveryAddress || addresses.Contains(s.Address)) is { } reached)
        {
            return new ReachabilityStep(check, true, $"{b} listens on {reached}");
        }

        if (fitting.Length > 0)
        {
            string where = string.Join(", ", fitting.Select(s => s.ToString()));
            bool loopback = fitting.All(s => IPAddress.IsLoopback(s.Address));
            return new ReachabilityStep(check, false, $"{b} listens on {where} only, {(loopback ? "which nobody outside of it reaches" : $"and not on {string.Join(' ', addresses!)}")}")
            {
                Advice = $"make the program in {b} listen on 0.0.0.0:{port.Number} instead",
            };
        }

        CheckedPort[] others = [.. all.Where(s => addresses is null || s.OnEveryAddress || addresses.Contains(s.Address)).Select(s => s.CheckedPort).Distinct()];
        string shown = string.Join(", ", others.Take(MostShown)) + (others.Length > MostShown ? " and more" : "");
        return new ReachabilityStep(check, false, others.Length == 0 ? $"nothing listens in {b}" : $"nothing in {b} does; it listens on {shown}")
        {
            Advice = others.Length == 0 ? $"start what should listen; what {b} wrote may tell why it does not: berth logs {b}" : $"use {(others.Length == 1 ? others[0].ToString() : "one of " + shown)}, or make {b} listen on {port}: berth logs {b} may tell why it does not",
        };
    }
}
