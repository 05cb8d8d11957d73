using System.Text;
using Hil.Contract;
using Hil.Jobs.Artefacts;

namespace Hil.Jobs.Tests;

public sealed class ObjectsAreWholeOrNotThere : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Gives some bytes, then fails as a cut connection does.</summary>
    private sealed class CutStream(int bytesBeforeTheCut) : MemoryStream(new byte[bytesBeforeTheCut])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position == Length ? throw new IOException("cut") : await base.ReadAsync(buffer, cancellationToken);
    }

    private string[] Files() => Directory.Exists(_folder.Store().Folder)
        ? Directory.GetFiles(_folder.Store().Folder, "*", SearchOption.AllDirectories)
        : [];

    [Fact]
    public async Task A_stream_and_its_bytes_give_one_object()
    {
        byte[] contents = Encoding.UTF8.GetBytes(new string('x', 300_000));
        string hash = await _folder.Store().PutAsync(new MemoryStream(contents), long.MaxValue, CancellationToken.None);
        Assert.Equal(hash, _folder.Store().Put(contents));
        Assert.Equal(contents, File.ReadAllBytes(Assert.Single(Files())));
    }

    [Fact]
    public async Task A_cut_upload_leaves_no_file()
    {
        await Assert.ThrowsAsync<IOException>(() =>
            _folder.Store().PutAsync(new CutStream(200_000), long.MaxValue, CancellationToken.None));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task An_upload_over_the_limit_is_refused_and_leaves_no_file()
    {
        var error = await Assert.ThrowsAsync<HilException>(() =>
            _folder.Store().PutAsync(new MemoryStream(new byte[1001]), 1000, CancellationToken.None));
        Assert.Equal(ExitKind.BadInput, error.Kind);
        Assert.Empty(Files());
    }

    [Fact]
    public void A_name_that_is_no_hash_is_the_callers_bug() =>
        Assert.Throws<ArgumentException>(() => _folder.Store().PathOf("../../etc/passwd"));
}
