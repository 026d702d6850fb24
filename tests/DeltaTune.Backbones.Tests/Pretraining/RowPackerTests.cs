using DeltaTune.Backbones.Pretraining;

namespace DeltaTune.Backbones.Tests.Pretraining;

/// <summary>Lines to rows: 100 is [CLS], 101 [SEP], 0 padding.</summary>
[TestFixture]
public sealed class RowPackerTests
{
    [TestCase("1 2|3", "100 1 2 101 3 101 0 0")]
    [TestCase("1 2 3 4 5 6", "100 1 2 3 4 5 6 101")]
    [TestCase("1 2 3 4 5 6 7", "100 1 2 3 4 5 6 101 100 7 101 0 0 0 0 0")]
    [TestCase("1 2|3 4 5", "100 1 2 101 3 4 5 101")]
    [TestCase("1 2|3 4 5 6", "100 1 2 101 3 4 5 101 100 6 101 0 0 0 0 0")] // 3 of 8 are left: worth beginning
    [TestCase("1 2 3 4 5|6", "100 1 2 3 4 5 101 0 100 6 101 0 0 0 0 0")]
    [TestCase("|1||", "100 1 101 0 0 0 0 0")]
    [TestCase("", "")]
    public void Add_Lines_FillsRows(string lines, string expected)
    {
        var packer = new RowPacker(8, cls: 100, sep: 101, pad: 0);

        foreach (string line in lines.Split('|'))
        {
            packer.Add([.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ushort.Parse)]);
        }

        Assert.That(string.Join(' ', packer.Finish()), Is.EqualTo(expected));
    }

    [Test]
    public void Add_ShortLineAtALongRowsEnd_StartsTheNextRow()
    {
        var packer = new RowPacker(32, cls: 100, sep: 101, pad: 0);
        packer.Add(Enumerable.Repeat((ushort)1, 27).ToArray());
        packer.Add([2, 2, 2, 2, 2]); // 2 are left, less than an eighth of the row

        ushort[] rows = packer.Finish();

        Assert.That(packer.Rows, Is.EqualTo(2));
        Assert.That(rows[32..39], Is.EqualTo(new ushort[] { 100, 2, 2, 2, 2, 2, 101 }));
        Assert.That(rows.Count(id => id == 2), Is.EqualTo(5));
    }

    [Test]
    public void Add_ManyLines_KeepsEveryTokenInOrder()
    {
        var packer = new RowPacker(16, cls: 1, sep: 2, pad: 0);
        ushort[] all = [.. Enumerable.Range(10, 500).Select(i => (ushort)i)];
        for (int at = 0, length = 1; at < all.Length; at += length, length = (length * 7 % 23) + 1)
        {
            packer.Add(all.AsSpan(at, Math.Min(length, all.Length - at)));
        }

        ushort[] rows = packer.Finish();

        Assert.That(rows.Where(id => id >= 10), Is.EqualTo(all));
        Assert.That(rows.Length % 16, Is.Zero);
        Assert.That(rows.Chunk(16).Select(row => row[0]), Is.All.EqualTo(1));
    }
}
