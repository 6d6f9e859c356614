// ONNX Runtime, opened at run time. No header of ONNX Runtime is needed to build.
//
// Every function that can fail returns NULL on success, or a message that the caller gives to onnx_message_free.
// A session may be run by several threads at once; a value belongs to one thread at a time.
#ifndef REPARTEE_C_ONNX_RUNTIME_H
#define REPARTEE_C_ONNX_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct onnx_runtime onnx_runtime;
typedef struct onnx_session onnx_session;
typedef struct OrtValue onnx_value;

// Element types, as ONNX numbers them.
enum { onnx_element_float = 1, onnx_element_int32 = 6, onnx_element_int64 = 7, onnx_element_bool = 9 };

// The highest rank this shim hands out.
enum { onnx_rank_limit = 8 };

// One input or output of a model. A dimension that is not fixed is -1. The name lives as long as the session.
typedef struct {
  const char *_Nonnull name;
  int32_t element;
  size_t rank;
  int64_t shape[8];
} onnx_port;

void onnx_message_free(char *_Nullable message);

// Opens libonnxruntime.so. The library stays mapped until the process ends, even after onnx_runtime_close.
char *_Nullable onnx_runtime_open(const char *_Nonnull path, onnx_runtime *_Nullable *_Nonnull runtime);
// Every session must have been closed before.
void onnx_runtime_close(onnx_runtime *_Nonnull runtime);
// Such as "1.28.2"; lives as long as the runtime.
const char *_Nonnull onnx_runtime_version(const onnx_runtime *_Nonnull runtime);

// Loads a model file (.onnx or .ort). threads is the number of threads of one run, the calling one included.
// arena keeps freed memory for the next run: faster for models whose shapes stay the same.
char *_Nullable onnx_session_open(
    onnx_runtime *_Nonnull runtime, const char *_Nonnull path, int threads, bool arena,
    onnx_session *_Nullable *_Nonnull session);
void onnx_session_close(onnx_session *_Nonnull session);
size_t onnx_session_input_count(const onnx_session *_Nonnull session);
size_t onnx_session_output_count(const onnx_session *_Nonnull session);
const onnx_port *_Nonnull onnx_session_input(const onnx_session *_Nonnull session, size_t index);
const onnx_port *_Nonnull onnx_session_output(const onnx_session *_Nonnull session, size_t index);

// Runs the model. inputs holds one value for each input, in the session's order. outputs holds one place for each
// output: a value there receives the result (its shape must fit), NULL is replaced by a new value that the caller releases.
char *_Nullable onnx_session_run(
    onnx_session *_Nonnull session, const onnx_value *_Nonnull const *_Nonnull inputs,
    onnx_value *_Nullable *_Nonnull outputs);

// A tensor over memory of the caller, which must outlive the value.
char *_Nullable onnx_value_wrap(
    const onnx_runtime *_Nonnull runtime, int32_t element, void *_Nonnull data, size_t bytes,
    const int64_t *_Nullable shape, size_t rank, onnx_value *_Nullable *_Nonnull value);
void onnx_value_release(const onnx_runtime *_Nonnull runtime, onnx_value *_Nonnull value);
// Where the elements lie, their type and the shape; valid until the value is released.
char *_Nullable onnx_value_look(
    const onnx_runtime *_Nonnull runtime, onnx_value *_Nonnull value, void *_Nullable *_Nonnull data,
    int32_t *_Nonnull element, int64_t *_Nonnull shape, size_t *_Nonnull rank);

#endif
