using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>Looks for NaN in backward passes as long as it lasts.</summary>
public class AnomalyMode : IDisposable
{
    private readonly bool _before = IsEnabled;
    private readonly bool _checkedBefore = ShouldCheckNaN;
    private bool _ended;

    public AnomalyMode(bool enabled, bool check_nan = true) => NativeMethods.dt_set_anomaly(enabled ? 1 : 0, check_nan ? 1 : 0);

    public static bool IsEnabled => NativeMethods.dt_anomaly_enabled() != 0;

    public static bool ShouldCheckNaN => NativeMethods.dt_anomaly_check_nan() != 0;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!_ended)
        {
            _ended = true;
            NativeMethods.dt_set_anomaly(_before ? 1 : 0, _checkedBefore ? 1 : 0);
        }
    }
}
