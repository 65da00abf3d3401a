using Berth.Linux.Polling;

namespace Berth.Runtime.Tests.Monitor;

/// <summary>Waits for what another process does and nothing announces.</summary>
internal static class Await
{
    public static void Until(Func<bool> happened, string otherwise)
    {
        for (int i = 0; i < 6000; i++)
        {
            if (happened())
            {
                return;
            }

            _ = Poll.Wait([], 10);
        }

        Assert.Fail(otherwise);
    }
}
