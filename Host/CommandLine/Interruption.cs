using System.Runtime.InteropServices;

namespace DeltaTune.Host.CommandLine;

/// <summary>Ctrl-C: the first asks the command to finish its step and end; the second ends the process at once. SIGTERM is taken as Ctrl-C.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;
    private readonly TextWriter _error;

    public Interruption(TextWriter error)
    {
        _error = error;
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];
    }

    /// <summary>Gets what the first signal cancels.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals)
        {
            signal.Dispose();
        }

        _source.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        if (_source.IsCancellationRequested)
        {
            return; // not cancelled: the signal does what it always does
        }

        signal.Cancel = true;
        _error.WriteLine("interrupted: finishing this step; again to end at once");
        _source.Cancel();
    }
}
