using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Turns the shim's error codes into exceptions.</summary>
internal static unsafe class NativeErrors
{
    private const int ManagedError = -2;

    // Exceptions of managed callbacks on their way through libtorch, by token.
    private static readonly ConcurrentDictionary<long, ExceptionDispatchInfo> InFlight = new();
    private static long s_lastToken;

    /// <summary>Throws what stands behind a negative <paramref name="code"/>; passes others through.</summary>
    internal static int Check(int code)
    {
        if (code < 0)
        {
            Throw(code);
        }

        return code;
    }

    /// <summary>Keeps <paramref name="exception"/> until the native call that led to it has come back.</summary>
    internal static long Keep(Exception exception)
    {
        long token = Interlocked.Increment(ref s_lastToken);
        InFlight[token] = ExceptionDispatchInfo.Capture(exception);
        return token;
    }

    private static void Throw(int code)
    {
        if (code == ManagedError && InFlight.TryRemove(NativeMethods.dt_last_token(), out ExceptionDispatchInfo? info))
        {
            info.Throw();
        }

        throw new ExternalException(Marshal.PtrToStringUTF8((nint)NativeMethods.dt_last_error()) ?? "libtorch failed without a message");
    }
}
