// Handles: what a tensor knows of itself, its memory, its gradient; errors, threads, devices, chance.
#include "deltatune_torch.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/api/include/torch/cuda.h>
#include <torch/csrc/api/include/torch/version.h>
#include <cstring>
#include <mutex>

using namespace deltatune;

namespace deltatune {

namespace {
thread_local std::string last_message;
thread_local int64_t last_token = 0;
} // namespace

void set_error(const char* message) noexcept {
    try {
        last_message = message;
    } catch (...) {
        last_message.clear();
    }
    last_token = 0;
}

void set_managed_error(int64_t token) noexcept { last_token = token; }

int translate_current_exception() noexcept {
    try {
        throw;
    } catch (const ManagedError& error) {
        set_managed_error(error.token);
        return kManagedError;
    } catch (const c10::Error& error) {
        set_error(error.what_without_backtrace());
    } catch (const std::bad_alloc&) {
        set_error("out of memory");
    } catch (const std::exception& error) {
        set_error(error.what());
    } catch (...) {
        set_error("an exception of unknown type was thrown inside libtorch");
    }
    return kError;
}

} // namespace deltatune

DT_API const char* dt_last_error() { return last_message.c_str(); }
DT_API int64_t dt_last_token() { return last_token; }
DT_API const char* dt_version() { return TORCH_VERSION; }

DT_API void dt_release(Impl* impl) { c10::raw::intrusive_ptr::decref(impl); }
DT_API void dt_retain(Impl* impl) { c10::raw::intrusive_ptr::incref(impl); }

// The sizes as an array owned by the tensor, or null for one without (a nested tensor).
DT_API const int64_t* dt_sizes(Impl* impl, int64_t* dim) {
    try {
        auto sizes = impl->sizes();
        *dim = static_cast<int64_t>(sizes.size());
        return sizes.data();
    } catch (...) {
        *dim = -1;
        return nullptr;
    }
}

DT_API const int64_t* dt_strides(Impl* impl, int64_t* dim) {
    try {
        auto strides = impl->strides();
        *dim = static_cast<int64_t>(strides.size());
        return strides.data();
    } catch (...) {
        *dim = -1;
        return nullptr;
    }
}

DT_API int64_t dt_numel(Impl* impl) {
    try {
        return impl->numel();
    } catch (...) {
        return -1;
    }
}

DT_API int64_t dt_storage_offset(Impl* impl) {
    try {
        return impl->storage_offset();
    } catch (...) {
        return -1;
    }
}

DT_API int dt_dtype(Impl* impl) { return static_cast<int>(c10::typeMetaToScalarType(impl->dtype())); }
DT_API int64_t dt_itemsize(Impl* impl) { return static_cast<int64_t>(impl->dtype().itemsize()); }

// Device type in the high byte, index (-1 where it has none) in the low one.
DT_API int dt_device(Impl* impl) {
    auto device = impl->device();
    return (static_cast<int>(device.type()) << 8) | static_cast<uint8_t>(device.index());
}

// bit 0 contiguous, 1 leaf, 2 requires grad, 3 sparse, 4 quantized, 5 conjugated view, 6 negated view, 7 meta.
DT_API int dt_flags(Impl* impl) {
    DT_BEGIN
    at::Tensor tensor = borrow(impl);
    int flags = 0;
    if (tensor.layout() == at::kStrided && tensor.is_contiguous()) flags |= 1;
    if (tensor.is_leaf()) flags |= 2;
    if (tensor.requires_grad()) flags |= 4;
    if (tensor.is_sparse()) flags |= 8;
    if (tensor.is_quantized()) flags |= 16;
    if (tensor.is_conj()) flags |= 32;
    if (tensor.is_neg()) flags |= 64;
    if (tensor.is_meta()) flags |= 128;
    return flags;
    DT_END
}

DT_API int dt_data(Impl* impl, void** data) {
    DT_BEGIN
    *data = borrow(impl).data_ptr();
    return kOk;
    DT_END
}

DT_API int dt_requires_grad(Impl* impl, int value) {
    DT_BEGIN
    at::Tensor tensor = borrow(impl);
    tensor.requires_grad_(value != 0);
    return kOk;
    DT_END
}

DT_API int dt_retain_grad(Impl* impl) {
    DT_BEGIN
    borrow(impl).retain_grad();
    return kOk;
    DT_END
}

DT_API int dt_grad(Impl* impl, Impl** grad) {
    DT_BEGIN
    at::Tensor found = borrow(impl).grad();
    *grad = release(std::move(found));
    return kOk;
    DT_END
}

DT_API int dt_set_grad(Impl* impl, Impl* grad) {
    DT_BEGIN
    borrow(impl).mutable_grad() = grad == nullptr ? at::Tensor() : borrow(grad);
    return kOk;
    DT_END
}

DT_API int dt_set_data(Impl* impl, Impl* data) {
    DT_BEGIN
    borrow(impl).set_data(borrow(data));
    return kOk;
    DT_END
}

// A tensor over memory of the caller's; `deleter` is called with `context` when the last user is gone.
DT_API int dt_from_blob(void* data, const int64_t* sizes, int32_t dim, int dtype, void (*deleter)(void*), void* context, Impl** made) {
    DT_BEGIN
    at::Tensor tensor = at::from_blob(data, at::IntArrayRef(sizes, dim),
        [deleter, context](void*) { if (deleter != nullptr) deleter(context); },
        at::TensorOptions(static_cast<at::ScalarType>(dtype)));
    *made = release(std::move(tensor));
    return kOk;
    DT_END
}

// A fresh CPU tensor with a copy of `bytes` bytes.
DT_API int dt_copy_from(const void* data, int64_t bytes, const int64_t* sizes, int32_t dim, int dtype, Impl** made) {
    DT_BEGIN
    at::Tensor tensor = at::empty(at::IntArrayRef(sizes, dim), at::TensorOptions(static_cast<at::ScalarType>(dtype)));
    TORCH_CHECK(static_cast<int64_t>(tensor.nbytes()) == bytes, "a tensor of ", tensor.sizes(), " holds ", tensor.nbytes(), " bytes, but ",
        bytes, " were given");
    if (bytes > 0) std::memcpy(tensor.data_ptr(), data, static_cast<size_t>(bytes));
    *made = release(std::move(tensor));
    return kOk;
    DT_END
}

DT_API int dt_grad_enabled() { return c10::GradMode::is_enabled() ? 1 : 0; }
DT_API void dt_set_grad_enabled(int enabled) { c10::GradMode::set_enabled(enabled != 0); }
DT_API int dt_inference_enabled() { return c10::InferenceMode::is_enabled() ? 1 : 0; }

// A guard to be ended on the same thread, in the order of a stack.
DT_API int dt_inference_begin(int enabled, void** guard) {
    DT_BEGIN
    *guard = new c10::InferenceMode(enabled != 0);
    return kOk;
    DT_END
}

DT_API void dt_inference_end(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

DT_API int dt_set_num_threads(int threads) {
    DT_BEGIN
    at::set_num_threads(threads);
    return kOk;
    DT_END
}

DT_API int dt_get_num_threads() {
    DT_BEGIN
    return at::get_num_threads();
    DT_END
}

DT_API int dt_set_num_interop_threads(int threads) {
    DT_BEGIN
    at::set_num_interop_threads(threads);
    return kOk;
    DT_END
}

DT_API int dt_get_num_interop_threads() {
    DT_BEGIN
    return static_cast<int>(at::get_num_interop_threads());
    DT_END
}

DT_API int dt_cuda_device_count() {
    DT_BEGIN
    return torch::cuda::is_available() ? static_cast<int>(torch::cuda::device_count()) : 0;
    DT_END
}

DT_API int dt_cudnn_is_available() {
    DT_BEGIN
    return torch::cuda::is_available() && torch::cuda::cudnn_is_available() ? 1 : 0;
    DT_END
}

DT_API int dt_cuda_synchronize(int64_t device) {
    DT_BEGIN
    torch::cuda::synchronize(device);
    return kOk;
    DT_END
}

DT_API int dt_cuda_manual_seed(int64_t seed, int all) {
    DT_BEGIN
    if (all != 0) torch::cuda::manual_seed_all(static_cast<uint64_t>(seed));
    else torch::cuda::manual_seed(static_cast<uint64_t>(seed));
    return kOk;
    DT_END
}

// Seeds the CPU's generator and every CUDA device's.
DT_API int dt_manual_seed(int64_t seed) {
    DT_BEGIN
    at::manual_seed(static_cast<uint64_t>(seed));
    return kOk;
    DT_END
}

DT_API int dt_default_generator(void** made) {
    DT_BEGIN
    at::Generator generator = at::detail::getDefaultCPUGenerator();
    *made = c10::intrusive_ptr<c10::GeneratorImpl>(generator.getIntrusivePtr()).release();
    return kOk;
    DT_END
}

DT_API int dt_new_generator(uint64_t seed, void** made) {
    DT_BEGIN
    at::Generator generator = at::detail::createCPUGenerator(seed);
    *made = c10::intrusive_ptr<c10::GeneratorImpl>(generator.getIntrusivePtr()).release();
    return kOk;
    DT_END
}

DT_API void dt_generator_release(void* impl) { c10::raw::intrusive_ptr::decref(static_cast<c10::GeneratorImpl*>(impl)); }

DT_API int dt_generator_seed(void* impl, int64_t seed) {
    DT_BEGIN
    at::Generator generator = borrow_generator(impl);
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_current_seed(static_cast<uint64_t>(seed));
    return kOk;
    DT_END
}

// The seed in use; with `fresh`, a new non-deterministic one is drawn and set first.
DT_API int dt_generator_current_seed(void* impl, int fresh, int64_t* seed) {
    DT_BEGIN
    at::Generator generator = borrow_generator(impl);
    std::lock_guard<std::mutex> lock(generator.mutex());
    *seed = static_cast<int64_t>(fresh != 0 ? generator.seed() : generator.current_seed());
    return kOk;
    DT_END
}

DT_API int dt_generator_get_state(void* impl, Impl** state) {
    DT_BEGIN
    at::Generator generator = borrow_generator(impl);
    std::lock_guard<std::mutex> lock(generator.mutex());
    *state = release(generator.get_state());
    return kOk;
    DT_END
}

DT_API int dt_generator_set_state(void* impl, Impl* state) {
    DT_BEGIN
    at::Generator generator = borrow_generator(impl);
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_state(borrow(state));
    return kOk;
    DT_END
}
