// Operators found by schema name and overload, called through the boxed convention.
#include "deltatune_torch.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <cstdlib>
#include <cstring>
#include <vector>

using namespace deltatune;

namespace {

// What the schema says of one argument.
struct Parameter {
    Optional<c10::IValue> standard; // its default
    bool takes_none;
    bool is_float;
};

struct Op {
    c10::OperatorHandle handle;
    std::vector<Parameter> parameters;
    explicit Op(c10::OperatorHandle h) : handle(h) {
        for (const auto& argument : h.schema().arguments()) {
            c10::TypePtr type = argument.type();
            bool optional = type->kind() == c10::TypeKind::OptionalType;
            if (optional) type = type->castRaw<c10::OptionalType>()->getElementType();
            parameters.push_back({argument.default_value(), optional, type->kind() == c10::TypeKind::FloatType});
        }
    }
};

template <class T>
c10::List<T> list_of(const Value& value) {
    c10::List<T> list;
    list.reserve(value.length);
    const T* from = static_cast<const T*>(value.p);
    for (int32_t k = 0; k < value.length; k++) list.push_back(from[k]);
    return list;
}

c10::IValue unpack(const Value& value) {
    switch (value.tag) {
        case Tag::None: return c10::IValue();
        case Tag::Tensor: return c10::IValue(borrow(static_cast<Impl*>(value.p)));
        case Tag::Int: return c10::IValue(value.i);
        case Tag::Double: return c10::IValue(value.d);
        case Tag::Bool: return c10::IValue(value.i != 0);
        case Tag::Complex: {
            const double* pair = static_cast<const double*>(value.p);
            return c10::IValue(c10::complex<double>(pair[0], pair[1]));
        }
        case Tag::IntList: return c10::IValue(list_of<int64_t>(value));
        case Tag::DoubleList: return c10::IValue(list_of<double>(value));
        case Tag::BoolList: return c10::IValue(list_of<bool>(value));
        case Tag::TensorList: {
            c10::List<at::Tensor> list;
            list.reserve(value.length);
            Impl** from = static_cast<Impl**>(value.p);
            for (int32_t k = 0; k < value.length; k++) list.push_back(borrow(from[k]));
            return c10::IValue(std::move(list));
        }
        case Tag::OptionalTensorList: {
            c10::List<Optional<at::Tensor>> list;
            list.reserve(value.length);
            Impl** from = static_cast<Impl**>(value.p);
            for (int32_t k = 0; k < value.length; k++)
                list.push_back(from[k] == nullptr ? Optional<at::Tensor>() : Optional<at::Tensor>(borrow(from[k])));
            return c10::IValue(std::move(list));
        }
        case Tag::String: return c10::IValue(std::string(static_cast<const char*>(value.p), value.length));
        case Tag::Generator: return c10::IValue(borrow_generator(value.p));
        case Tag::Device:
            return c10::IValue(c10::Device(
                static_cast<c10::DeviceType>(static_cast<int8_t>(value.i >> 8)), static_cast<c10::DeviceIndex>(static_cast<int8_t>(value.i & 0xff))));
        default: TORCH_CHECK(false, "a value with an unknown tag ", static_cast<int32_t>(value.tag), " was passed to an operator");
    }
}

// What a caller leaves out comes from the schema, so that an argument added by a later libtorch is harmless;
// an integer where the schema wants a float becomes one.
void push_argument(std::vector<c10::IValue>& stack, const Op& op, const Value* args, int32_t count, size_t k) {
    const Parameter& parameter = op.parameters[k];
    const Tag tag = k < static_cast<size_t>(count) ? args[k].tag : Tag::Default;
    if (tag == Tag::Default || (tag == Tag::None && !parameter.takes_none && parameter.standard.has_value())) {
        TORCH_CHECK(parameter.standard.has_value(), toString(op.handle.operator_name()), " needs its argument '",
            op.handle.schema().arguments()[k].name(), "', which was not given");
        stack.push_back(*parameter.standard);
    } else if (tag == Tag::Int && parameter.is_float) {
        stack.emplace_back(static_cast<double>(args[k].i));
    } else {
        stack.push_back(unpack(args[k]));
    }
}

Value pack(c10::IValue&& value) {
    Value out{};
    if (value.isTensor()) {
        out.p = release(std::move(value).toTensor());
        out.tag = out.p == nullptr ? Tag::None : Tag::Tensor;
    } else if (value.isInt()) {
        out.tag = Tag::Int;
        out.i = value.toInt();
    } else if (value.isDouble()) {
        out.tag = Tag::Double;
        out.d = value.toDouble();
    } else if (value.isBool()) {
        out.tag = Tag::Bool;
        out.i = value.toBool() ? 1 : 0;
    } else if (value.isComplexDouble()) {
        auto number = value.toComplexDouble();
        double* pair = static_cast<double*>(std::malloc(2 * sizeof(double)));
        pair[0] = number.real();
        pair[1] = number.imag();
        out.tag = Tag::Complex;
        out.p = pair;
    } else if (value.isTensorList()) {
        auto list = value.toTensorVector();
        Impl** to = static_cast<Impl**>(std::malloc(sizeof(Impl*) * (list.size() + 1)));
        for (size_t k = 0; k < list.size(); k++) to[k] = release(std::move(list[k]));
        out.tag = Tag::TensorList;
        out.length = static_cast<int32_t>(list.size());
        out.p = to;
    } else if (value.isNone()) {
        out.tag = Tag::None;
    } else {
        TORCH_CHECK(false, "an operator returned a value of kind ", value.tagKind(), ", which has no managed form");
    }
    return out;
}

} // namespace

// The operator `name`.`overload`, kept for the life of the process; null in *found where this libtorch has none.
DT_API int dt_find_operator(const char* name, const char* overload, void** found) {
    DT_BEGIN
    auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
    *found = handle.has_value() ? new Op(*handle) : nullptr;
    return kOk;
    DT_END
}

DT_API int dt_operator_has_argument(void* op, const char* name) {
    DT_BEGIN
    return static_cast<Op*>(op)->handle.schema().argumentIndexWithName(name).has_value() ? 1 : 0;
    DT_END
}

// Calls `op` and writes its results (at most `capacity`); the count of results, or an error code.
DT_API int dt_call(void* handle, const Value* args, int32_t count, Value* results, int32_t capacity) {
    DT_BEGIN
    const Op& op = *static_cast<Op*>(handle);
    TORCH_CHECK(static_cast<size_t>(count) <= op.parameters.size(), toString(op.handle.operator_name()), " takes at most ", op.parameters.size(),
        " arguments, but ", count, " were given");
    thread_local std::vector<c10::IValue> idle; // the vector's memory is used again; a nested call finds it empty and makes its own
    std::vector<c10::IValue> stack = std::move(idle);
    stack.clear();
    stack.reserve(op.parameters.size());
    for (size_t k = 0; k < op.parameters.size(); k++) push_argument(stack, op, args, count, k);
    op.handle.callBoxed(stack);
    const int produced = static_cast<int>(stack.size());
    if (capacity == 0) { // called for its effect
        stack.clear();
        idle = std::move(stack);
        return 0;
    }
    TORCH_CHECK(produced <= capacity, toString(op.handle.operator_name()), " gave ", produced, " results where ", capacity, " fit");
    for (int k = 0; k < produced; k++) results[k] = pack(std::move(stack[k]));
    stack.clear();
    idle = std::move(stack);
    return produced;
    DT_END
}

DT_API void dt_free(void* memory) { std::free(memory); }
