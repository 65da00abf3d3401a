using Berth.Storage.Content.Partials;
using Berth.Storage.Failpoints;

using CsCheck;

namespace Berth.Storage.Tests.Content.Partials;

public sealed class PartialJournalTests : IDisposable
{
    private const long Size = 1000;
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-journal-").FullName;

    private string File => Path.Join(_folder, "j");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WhatIsAppendedIsRead()
    {
        using (PartialJournal journal = PartialJournal.Create(File, Size, new ByteRanges([new ByteRange(5, 9)]), Durable.None()))
        {
            journal.Append([new ByteRange(0, 5), new ByteRange(100, Size)]);
        }

        Assert.Equal([new ByteRange(0, 9), new ByteRange(100, Size)], PartialJournal.Read(File, Size)!.All);
        Assert.Null(PartialJournal.Read(File, Size + 1));
    }

    /// <summary>Written but not synced bytes may be gone with the power; those before the mark are not.</summary>
    [Fact]
    public void AfterARestartOfTheMachineOnlySyncedRangesHold()
    {
        using (PartialJournal journal = PartialJournal.Create(File, Size, new ByteRanges([new ByteRange(0, 10)]), Durable.None()))
        {
            journal.MarkSynced();
            journal.Append([new ByteRange(10, 20)]);
        }

        byte[] bytes = System.IO.File.ReadAllBytes(File);
        Assert.Equal([new ByteRange(0, 20)], PartialJournal.Parse(bytes, Size, PartialJournal.Boot)!.All);
        Assert.Equal([new ByteRange(0, 10)], PartialJournal.Parse(bytes, Size, Guid.NewGuid())!.All);
        Assert.Empty(PartialJournal.Parse(bytes[..48], Size, Guid.NewGuid())!.All);
    }

    /// <summary>Wherever a kill cut it off, no range is read that was not written.</summary>
    [Fact]
    public void ACutOffJournalVouchesForNothingMore()
    {
        ByteRange[] written = [new(0, 10), new(20, 30), new(40, 50)];
        using (PartialJournal journal = PartialJournal.Create(File, Size, new ByteRanges(), Durable.None()))
        {
            journal.Append(written);
        }

        byte[] bytes = System.IO.File.ReadAllBytes(File);
        for (int length = 0; length <= bytes.Length; length++)
        {
            IReadOnlyList<ByteRange>? read = PartialJournal.Parse(bytes.AsSpan(0, length), Size, PartialJournal.Boot)?.All;
            Assert.Equal(length < 32 ? null : written[..((length - 32) / 16)], read);
        }
    }

    [Fact]
    public void AnyBytesAreReadWithoutAFailure() =>
        Gen.Byte.Array[0, 120].Sample(noise =>
        {
            byte[] bytes = [.. "BRTHPRT1"u8, .. BitConverter.GetBytes(Size), .. PartialJournal.Boot.ToByteArray(), .. noise];
            IReadOnlyList<ByteRange> ranges = PartialJournal.Parse(bytes, Size, PartialJournal.Boot)?.All ?? [];
            Assert.All(ranges, r => Assert.True(r.Start >= 0 && r.End <= Size && r.Length > 0));
            PartialJournal.Parse(noise, Size, PartialJournal.Boot);
        });
}
