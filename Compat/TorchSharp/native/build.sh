#!/bin/sh
# Compiles the shim: build.sh <libtorch root> <output .so>. A root is /usr (a distribution's libtorch-dev) or a torch
# folder with include/ and lib/. The C++ ABI is read off the library itself.
set -eu
root=$1
out=$2
here=$(cd "$(dirname "$0")" && pwd)
if ! command -v g++ >/dev/null 2>&1; then
    echo "error DT0001: the torch shim needs the C++ compiler g++, which was not found; install it with: apt-get install g++" >&2
    exit 1
fi
if [ ! -e "$root/include/torch/csrc/api/include/torch/version.h" ]; then
    echo "error DT0002: no libtorch headers under '$root/include'; install them with: apt-get install libtorch-dev, or set LIBTORCH to a torch folder with include/ and lib/" >&2
    exit 1
fi
if [ "$root" = /usr ]; then
    lib=$(dirname "$(ls /usr/lib/*/libtorch_cpu.so /usr/lib/libtorch_cpu.so 2>/dev/null | head -n 1)")
    rpath=
else
    lib=$root/lib
    rpath=-Wl,-rpath,$lib
fi
abi=1
if grep -q -a c105ErrorC2ENS_14SourceLocationESs "$lib/libc10.so"; then abi=0; fi
# Later headers need a later standard.
standard=c++17
version=$root/include/torch/csrc/api/include/torch/version.h
major=$(sed -n 's/^#define TORCH_VERSION_MAJOR \([0-9]*\).*/\1/p' "$version")
minor=$(sed -n 's/^#define TORCH_VERSION_MINOR \([0-9]*\).*/\1/p' "$version")
if [ "${major:-0}" -gt 2 ] || { [ "${major:-0}" -eq 2 ] && [ "${minor:-0}" -ge 10 ]; }; then standard=c++20; fi
cuda=
if [ -e "$lib/libtorch_cuda.so" ]; then cuda="-ltorch_cuda -lc10_cuda"; fi
mkdir -p "$(dirname "$out")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in dispatch tensor autograd; do
    g++ "-std=$standard" -O2 -fPIC -fvisibility=hidden -w "-D_GLIBCXX_USE_CXX11_ABI=$abi" \
        -I"$root/include" -I"$root/include/torch/csrc/api/include" -c "$here/$name.cpp" -o "$work/$name.o" &
    pids="${pids-} $!"
done
for pid in $pids; do wait "$pid"; done
g++ -shared -o "$out.new" "$work"/*.o -L"$lib" $rpath -Wl,--no-as-needed -ltorch_cpu -ltorch -lc10 $cuda
mv "$out.new" "$out"
