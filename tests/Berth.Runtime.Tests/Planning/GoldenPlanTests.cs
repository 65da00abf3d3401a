using System.Runtime.CompilerServices;

namespace Berth.Runtime.Tests.Planning;

/// <summary>Plans against files that people have read. BERTH_UPDATE_GOLDEN=1 writes them anew; then read the difference.</summary>
public sealed class GoldenPlanTests
{
    public static TheoryData<string> Names => [.. GoldenPlans.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ThePlanIsAsReviewed(string name)
    {
        string plan = GoldenPlans.All[name]().ToString();
        string file = Path.Combine(Folder(), $"{name}.plan");
        if (Environment.GetEnvironmentVariable("BERTH_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, plan);
        }

        Assert.Equal(File.ReadAllText(file), plan);
    }

    [Fact]
    public void NoFileIsWithoutItsPlan() =>
        Assert.Equal(GoldenPlans.All.Keys.Order(), Directory.GetFiles(Folder(), "*.plan").Select(f => Path.GetFileNameWithoutExtension(f)!).Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void PlansGoForwardOnlyAndSealIntoOneBlock(string name)
    {
        var plan = GoldenPlans.All[name]();
        var descriptors = new Dictionary<string, int>();
        int next = 10;
        foreach (string inherited in plan.Calls.SelectMany(c => c.Arguments).OfType<Runtime.Planning.Argument.Inherited>().Select(a => a.Name).Append("report").Distinct())
        {
            descriptors[inherited] = next++;
        }

        using Runtime.Planning.SealedPlan block = plan.Seal(descriptors); // throws for a label that is not ahead
        Assert.Equal(plan.Calls.Count, block.Count);
        Assert.Equal("execve", plan.Calls[^1].Name);
    }

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Golden");
}
