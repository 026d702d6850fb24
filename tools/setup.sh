# Shared by ./deltatune and ./test (sourced, with $root set): finds the SDK, decides where torch comes from, builds.
# What is decided is kept in artifacts/state/, which may be deleted at any time.

state="$root/artifacts/state"

say() { printf 'deltatune: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Puts a dotnet with an SDK on the PATH.
find_dotnet() {
    if ! command -v dotnet >/dev/null 2>&1; then
        [ -x "$HOME/.dotnet/dotnet" ] || die "the .NET 10 SDK is needed, but there is no 'dotnet'; see https://dot.net/download"
        export PATH="$HOME/.dotnet:$PATH"
    fi
    export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
}

has_libtorch() { [ -e "$1/include/torch/csrc/api/include/torch/version.h" ]; }

# Runs apt-get as root, or says what a person with the right to should run.
install_packages() {
    if [ "$(id -u)" != 0 ]; then
        die "this machine lacks $*: run 'sudo apt-get install $*', or set LIBTORCH to a torch folder with include/ and lib/"
    fi
    command -v apt-get >/dev/null 2>&1 || die "this machine lacks $* and has no apt-get; install them, or set LIBTORCH to a torch folder with include/ and lib/"
    say "installing $* (once)"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } >"$state/apt.log" 2>&1 \
        || die "apt-get could not install $*; its output is in '$state/apt.log'"
}

# Tells whether the registry serves the real packages. They stay in NuGet's cache, where the build finds them again.
registry_serves_torch() {
    local probe="$state/probe" versions="$root/Directory.Packages.props" torch plugins
    torch=$(sed -n 's/.*Include="TorchSharp-cpu" Version="\([^"]*\)".*/\1/p' "$versions")
    plugins=$(sed -n 's/.*Include="McMaster.NETCore.Plugins" Version="\([^"]*\)".*/\1/p' "$versions")
    mkdir -p "$probe"
    for name in Directory.Build.props Directory.Build.targets Directory.Packages.props; do echo '<Project />' >"$probe/$name"; done
    cat >"$probe/probe.csproj" <<END
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="TorchSharp-cpu" Version="[$torch]" />
    <PackageReference Include="McMaster.NETCore.Plugins" Version="[$plugins]" />
  </ItemGroup>
</Project>
END
    timeout 900 dotnet restore "$probe/probe.csproj" >"$state/probe.log" 2>&1
}

# Sets TorchProvider (and LIBTORCH, where it is not the distribution's) for the build. Decided once; LIBTORCH overrides at any time.
choose_torch() {
    local chosen=""
    mkdir -p "$state"
    if [ -n "${LIBTORCH:-}" ]; then
        has_libtorch "$LIBTORCH" || die "LIBTORCH is '$LIBTORCH', which has no torch headers under include/; set it to a torch folder with include/ and lib/"
        chosen="system $LIBTORCH"
    elif [ -e "$state/torch" ]; then
        chosen=$(cat "$state/torch")
        [ "${chosen%% *}" != system ] || has_libtorch "${chosen#system }" || chosen=""
    fi
    if [ -z "$chosen" ]; then
        if has_libtorch /usr; then
            chosen="system /usr"
        elif say "looking for torch (once)"; registry_serves_torch; then
            chosen="package"
        else
            install_packages libtorch-dev g++ libopenblas0-openmp
            has_libtorch /usr || die "libtorch-dev is installed, but its headers are not in /usr/include/torch; set LIBTORCH to a torch folder with include/ and lib/"
            chosen="system /usr"
        fi
        say "torch comes from: $chosen"
    fi
    if [ "${chosen%% *}" = system ]; then
        command -v g++ >/dev/null 2>&1 || install_packages g++
        [ "$chosen" = "system /usr" ] || export LIBTORCH="${chosen#system }"
    fi
    export TorchProvider="${chosen%% *}"
    [ "$TorchProvider" != package ] || export TorchSharpBundle="${TorchSharpBundle:-TorchSharp-cpu}" # a libtorch to run on
    [ "$(cat "$state/torch" 2>/dev/null || true)" = "$chosen" ] || printf '%s\n' "$chosen" >"$state/torch"
}

# One number for all that a build reads: names, sizes and times of the files in some folders, and where torch comes from.
fingerprint() {
    { printf '%s %s\n' "${LIBTORCH:-}" "$(cat "$state/torch" 2>/dev/null || true)"
      find "$@" \( -name bin -o -name obj \) -prune -o -type f ! -name '*.md' -printf '%T@ %s %p\n' | LC_ALL=C sort; } | cksum
}

# Builds a project or solution in Release; its output is shown only when it fails.
build() {
    local what=$1 log="$state/build.log"
    find_dotnet
    choose_torch
    say "building ${what##*/}"
    if ! dotnet build "$what" -c Release -v q --nologo -nodeReuse:false >"$log" 2>&1 </dev/null; then
        { grep -E ': (error|warning) ' "$log" | sort -u | head -n 40; } >&2 || tail -n 40 "$log" >&2
        die "the build failed; all of its output is in '$log'"
    fi
}
