// The C ABI between the managed layer and libtorch: values, errors and handles.
// A tensor handle is the bare TensorImpl*, holding one reference; a generator handle is the bare GeneratorImpl*.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/Generator.h>
#include <ATen/core/ivalue.h>
#include <c10/util/Exception.h>
#include <c10/util/Optional.h>
#include <torch/csrc/api/include/torch/version.h>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>

#define DT_API extern "C" __attribute__((visibility("default")))

namespace deltatune {

// libtorch's own optional became the standard one.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 3)
template <class T>
using Optional = std::optional<T>;
#else
template <class T>
using Optional = c10::optional<T>;
#endif

// What one value of an operator call is; the managed enum ValueTag has the same numbers.
enum class Tag : int32_t {
    None = 0, Tensor, Int, Double, Bool, Complex, IntList, DoubleList, BoolList, TensorList, OptionalTensorList,
    String, Generator, Device, Default
};

// 16 bytes: the tag, the length of a list or string, and the number itself or a pointer to the elements.
struct Value {
    Tag tag;
    int32_t length;
    union {
        int64_t i;
        double d;
        void* p;
    };
};

// Thrown inside libtorch when managed code called back has failed; `token` finds the .NET exception again.
struct ManagedError final : std::exception {
    int64_t token;
    explicit ManagedError(int64_t t) : token(t) {}
    const char* what() const noexcept override { return "a managed callback threw an exception"; }
};

constexpr int kOk = 0;
constexpr int kError = -1;
constexpr int kManagedError = -2;

void set_error(const char* message) noexcept;
void set_managed_error(int64_t token) noexcept;
int translate_current_exception() noexcept;

using Impl = c10::TensorImpl;

// A second owner of the tensor behind a handle.
inline at::Tensor borrow(Impl* impl) {
    return at::Tensor(c10::intrusive_ptr<Impl, c10::UndefinedTensorImpl>::reclaim_copy(impl));
}

// Gives the reference to the caller; an undefined tensor becomes null.
inline Impl* release(at::Tensor&& tensor) {
    return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr;
}

inline at::Generator borrow_generator(void* impl) {
    return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(static_cast<c10::GeneratorImpl*>(impl)));
}

} // namespace deltatune

// Nothing native crosses the border raw: every entry that can throw is written between these two.
#define DT_BEGIN try {
#define DT_END                                              \
    }                                                       \
    catch (...) {                                           \
        return deltatune::translate_current_exception();    \
    }
