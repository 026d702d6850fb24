// Backward passes, and autograd functions whose two halves are managed code.
#include "deltatune_torch.h"

#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <cstdlib>

using namespace deltatune;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

namespace {

variable_list to_list(Impl** tensors, int32_t count) {
    variable_list list;
    list.reserve(count);
    for (int32_t k = 0; k < count; k++) list.push_back(tensors[k] == nullptr ? at::Tensor() : borrow(tensors[k]));
    return list;
}

Impl** to_handles(variable_list&& list) {
    Impl** handles = static_cast<Impl**>(std::malloc(sizeof(Impl*) * (list.size() + 1)));
    for (size_t k = 0; k < list.size(); k++) handles[k] = release(std::move(list[k]));
    return handles;
}

// 0: the callback has pushed its tensors on `out`; anything else: the token of the exception that it threw.
using Forward = int64_t (*)(int64_t state, AutogradContext* ctx, variable_list* out);
using Backward = int64_t (*)(int64_t state, AutogradContext* ctx, Impl** grads, int32_t count, variable_list* out);
using Release = void (*)(int64_t state);

Forward managed_forward = nullptr;
Backward managed_backward = nullptr;
Release managed_release = nullptr;

// Keeps the managed state alive as long as the graph node does.
struct ManagedState final : torch::CustomClassHolder {
    int64_t id;
    explicit ManagedState(int64_t state) : id(state) {}
    ~ManagedState() override { managed_release(id); }
};

constexpr const char* kStateKey = "deltatune.state";
constexpr const char* kIdKey = "deltatune.id";

struct ManagedFunction : torch::autograd::Function<ManagedFunction> {
    static variable_list forward(AutogradContext* ctx, int64_t state, const at::TensorList& /*inputs*/) {
        ctx->saved_data[kStateKey] = c10::IValue::make_capsule(c10::make_intrusive<ManagedState>(state));
        ctx->saved_data[kIdKey] = state;
        variable_list outputs;
        int64_t token = managed_forward(state, ctx, &outputs);
        if (token != 0) throw ManagedError(token);
        return outputs;
    }

    static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
        int64_t state = ctx->saved_data[kIdKey].toInt();
        std::vector<Impl*> handles;
        for (const at::Tensor& grad : grads) {
            at::Tensor owned = grad;
            handles.push_back(release(std::move(owned)));
        }
        variable_list outputs;
        outputs.emplace_back(); // `state` is an argument too, without a gradient
        int64_t token = managed_backward(state, ctx, handles.data(), static_cast<int32_t>(handles.size()), &outputs);
        if (token != 0) throw ManagedError(token);
        return outputs;
    }
};

} // namespace

DT_API int dt_backward(Impl** tensors, int32_t count, Impl** grads, int32_t grad_count, int retain, int create, Impl** inputs, int32_t input_count) {
    DT_BEGIN
    torch::autograd::backward(to_list(tensors, count), to_list(grads, grad_count), retain != 0, create != 0, to_list(inputs, input_count));
    return kOk;
    DT_END
}

// The gradients as a malloc'ed array of `input_count` handles (null: not reached).
DT_API int dt_autograd_grad(Impl** outputs, int32_t count, Impl** inputs, int32_t input_count, Impl** grads, int32_t grad_count, int retain,
    int create, int unused, Impl*** found) {
    DT_BEGIN
    *found = to_handles(torch::autograd::grad(to_list(outputs, count), to_list(inputs, input_count), to_list(grads, grad_count),
        retain != 0, create != 0, unused != 0));
    return kOk;
    DT_END
}

DT_API void dt_set_callbacks(Forward forward, Backward backward, Release release_state) {
    managed_forward = forward;
    managed_backward = backward;
    managed_release = release_state;
}

// Runs a managed function under the tape; the outputs as a malloc'ed array.
DT_API int dt_apply_function(int64_t state, Impl** inputs, int32_t count, Impl*** outputs, int32_t* output_count) {
    DT_BEGIN
    variable_list list = to_list(inputs, count);
    at::TensorList view(list);
    variable_list made = ManagedFunction::apply(state, view);
    *output_count = static_cast<int32_t>(made.size());
    *outputs = to_handles(std::move(made));
    return kOk;
    DT_END
}

DT_API int dt_list_push(variable_list* list, Impl* tensor) {
    DT_BEGIN
    list->push_back(tensor == nullptr ? at::Tensor() : borrow(tensor));
    return kOk;
    DT_END
}

DT_API int dt_context_save(AutogradContext* ctx, Impl** tensors, int32_t count) {
    DT_BEGIN
    ctx->save_for_backward(to_list(tensors, count));
    return kOk;
    DT_END
}

DT_API int dt_context_saved(AutogradContext* ctx, Impl*** tensors, int32_t* count) {
    DT_BEGIN
    variable_list saved = ctx->get_saved_variables();
    *count = static_cast<int32_t>(saved.size());
    *tensors = to_handles(std::move(saved));
    return kOk;
    DT_END
}

DT_API int dt_context_mark_dirty(AutogradContext* ctx, Impl** tensors, int32_t count) {
    DT_BEGIN
    ctx->mark_dirty(to_list(tensors, count));
    return kOk;
    DT_END
}

DT_API int dt_context_mark_non_differentiable(AutogradContext* ctx, Impl** tensors, int32_t count) {
    DT_BEGIN
    ctx->mark_non_differentiable(to_list(tensors, count));
    return kOk;
    DT_END
}

DT_API int dt_context_materialize(AutogradContext* ctx, int value) {
    DT_BEGIN
    ctx->set_materialize_grads(value != 0);
    return kOk;
    DT_END
}

DT_API int dt_anomaly_enabled() { return torch::autograd::AnomalyMode::is_enabled() ? 1 : 0; }
DT_API int dt_anomaly_check_nan() { return torch::autograd::AnomalyMode::should_check_nan() ? 1 : 0; }
DT_API void dt_set_anomaly(int enabled, int check_nan) { torch::autograd::AnomalyMode::set_enabled(enabled != 0, check_nan != 0); }
