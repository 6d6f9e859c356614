#include "COnnxRuntime.h"

#include "OrtTable.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct onnx_runtime {
  const OrtApi *api;
  OrtEnv *env;
  OrtMemoryInfo *memory;
  const char *version;
};

typedef struct {
  size_t count;
  onnx_port *ports;
  const char **names;
} port_list;

struct onnx_session {
  const onnx_runtime *runtime;
  OrtSession *session;
  port_list inputs;
  port_list outputs;
};

#define RELEASE(release, object) \
  do { \
    if (object) (release)(object); \
  } while (0)

static char *message(const char *text) {
  char *copy = strdup(text ? text : "unknown error");
  return copy ? copy : strdup("out of memory");
}

static char *taken(const OrtApi *api, OrtStatus *failed) {
  if (!failed) return NULL;
  char *text = message(api->GetErrorMessage(failed));
  api->ReleaseStatus(failed);
  return text;
}

void onnx_message_free(char *text) { free(text); }

char *onnx_runtime_open(const char *path, onnx_runtime **out) {
  *out = NULL;
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) return message(dlerror());
  const OrtApiBase *(*base_of)(void) = (const OrtApiBase *(*)(void))dlsym(library, "OrtGetApiBase");
  if (!base_of) {
    char *text = message(dlerror());
    dlclose(library);
    return text;
  }
  const OrtApiBase *base = base_of();
  const OrtApi *api = base->GetApi(ort_api_version);
  if (!api) {
    char text[160];
    snprintf(text, sizeof text, "version %.40s of the library does not offer API version %d", base->GetVersionString(), ort_api_version);
    dlclose(library);
    return message(text);
  }
  onnx_runtime *runtime = calloc(1, sizeof *runtime);
  if (!runtime) return message("out of memory");
  runtime->api = api;
  runtime->version = base->GetVersionString();
  // Errors come back as messages; the library itself prints only what ends the process.
  char *failed = taken(api, api->CreateEnv(ORT_LOGGING_LEVEL_FATAL, "repartee", &runtime->env));
  if (!failed) failed = taken(api, api->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &runtime->memory));
  if (failed) {
    onnx_runtime_close(runtime);
    return failed;
  }
  *out = runtime;
  return NULL;
}

void onnx_runtime_close(onnx_runtime *runtime) {
  RELEASE(runtime->api->ReleaseMemoryInfo, runtime->memory);
  RELEASE(runtime->api->ReleaseEnv, runtime->env);
  free(runtime);
}

const char *onnx_runtime_version(const onnx_runtime *runtime) { return runtime->version; }

static char *tensor_shape(
    const OrtApi *api, const OrtTensorTypeAndShapeInfo *info, int32_t *element, int64_t *shape, size_t *rank) {
  ONNXTensorElementDataType type = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
  char *failed = taken(api, api->GetTensorElementType(info, &type));
  *element = (int32_t)type;
  if (!failed) failed = taken(api, api->GetDimensionsCount(info, rank));
  if (!failed && *rank > onnx_rank_limit) failed = message("a tensor has more dimensions than this program handles");
  if (!failed) failed = taken(api, api->GetDimensions(info, shape, *rank));
  return failed;
}

static char *fill_port(const onnx_session *session, bool input, size_t index, onnx_port *port) {
  const OrtApi *api = session->runtime->api;
  OrtAllocator *allocator = NULL;
  char *name = NULL;
  char *failed = taken(api, api->GetAllocatorWithDefaultOptions(&allocator));
  if (!failed)
    failed = taken(
        api, (input ? api->SessionGetInputName : api->SessionGetOutputName)(session->session, index, allocator, &name));
  if (failed) return failed;
  port->name = strdup(name);
  char *freed = taken(api, api->AllocatorFree(allocator, name));
  onnx_message_free(freed);
  if (!port->name) return message("out of memory");
  OrtTypeInfo *type = NULL;
  failed = taken(api, (input ? api->SessionGetInputTypeInfo : api->SessionGetOutputTypeInfo)(session->session, index, &type));
  const OrtTensorTypeAndShapeInfo *info = NULL;
  if (!failed) failed = taken(api, api->CastTypeInfoToTensorInfo(type, &info));
  if (!failed && !info) failed = message("the model takes or gives something else than tensors");
  if (!failed) failed = tensor_shape(api, info, &port->element, port->shape, &port->rank);
  RELEASE(api->ReleaseTypeInfo, type);
  return failed;
}

static char *fill_ports(const onnx_session *session, bool input, port_list *list) {
  const OrtApi *api = session->runtime->api;
  size_t count = 0;
  char *failed = taken(api, (input ? api->SessionGetInputCount : api->SessionGetOutputCount)(session->session, &count));
  if (failed) return failed;
  list->ports = calloc(count + 1, sizeof *list->ports);
  list->names = calloc(count + 1, sizeof *list->names);
  if (!list->ports || !list->names) return message("out of memory");
  for (size_t index = 0; index < count; index++) {
    failed = fill_port(session, input, index, &list->ports[index]);
    list->names[index] = list->ports[index].name;
    list->count = index + 1;
    if (failed) return failed;
  }
  return NULL;
}

static void free_ports(port_list *list) {
  for (size_t index = 0; index < list->count; index++) free((char *)list->ports[index].name);
  free(list->ports);
  free(list->names);
}

char *onnx_session_open(onnx_runtime *runtime, const char *path, int threads, bool arena, onnx_session **out) {
  *out = NULL;
  const OrtApi *api = runtime->api;
  OrtSessionOptions *options = NULL;
  onnx_session *session = calloc(1, sizeof *session);
  if (!session) return message("out of memory");
  session->runtime = runtime;
  char *failed = taken(api, api->CreateSessionOptions(&options));
  if (!failed) failed = taken(api, api->SetIntraOpNumThreads(options, threads));
  if (!failed) failed = taken(api, api->SetInterOpNumThreads(options, 1));
  if (!failed && !arena) failed = taken(api, api->DisableCpuMemArena(options));
  if (!failed && !arena) failed = taken(api, api->DisableMemPattern(options));
  const char *settings[] = {"session.intra_op.allow_spinning", "session.inter_op.allow_spinning"};
  for (size_t index = 0; index < 2 && !failed; index++)
    failed = taken(api, api->AddSessionConfigEntry(options, settings[index], "0"));
  if (!failed)
    failed = taken(api, api->CreateSession(runtime->env, path, options, &session->session));
  RELEASE(api->ReleaseSessionOptions, options);
  if (!failed) failed = fill_ports(session, true, &session->inputs);
  if (!failed) failed = fill_ports(session, false, &session->outputs);
  if (failed) {
    onnx_session_close(session);
    return failed;
  }
  *out = session;
  return NULL;
}

void onnx_session_close(onnx_session *session) {
  RELEASE(session->runtime->api->ReleaseSession, session->session);
  free_ports(&session->inputs);
  free_ports(&session->outputs);
  free(session);
}

size_t onnx_session_input_count(const onnx_session *session) { return session->inputs.count; }
size_t onnx_session_output_count(const onnx_session *session) { return session->outputs.count; }
const onnx_port *onnx_session_input(const onnx_session *session, size_t index) { return &session->inputs.ports[index]; }
const onnx_port *onnx_session_output(const onnx_session *session, size_t index) { return &session->outputs.ports[index]; }

char *onnx_session_run(onnx_session *session, const onnx_value *const *inputs, onnx_value **outputs) {
  const OrtApi *api = session->runtime->api;
  return taken(
      api, api->Run(session->session, NULL, session->inputs.names, inputs, session->inputs.count, session->outputs.names,
                    session->outputs.count, outputs));
}

char *onnx_value_wrap(
    const onnx_runtime *runtime, int32_t element, void *data, size_t bytes, const int64_t *shape, size_t rank,
    onnx_value **value) {
  *value = NULL;
  const OrtApi *api = runtime->api;
  return taken(
      api, api->CreateTensorWithDataAsOrtValue(
               runtime->memory, data, bytes, shape, rank, (ONNXTensorElementDataType)element, value));
}

void onnx_value_release(const onnx_runtime *runtime, onnx_value *value) { runtime->api->ReleaseValue(value); }

char *onnx_value_look(
    const onnx_runtime *runtime, onnx_value *value, void **data, int32_t *element, int64_t *shape, size_t *rank) {
  const OrtApi *api = runtime->api;
  OrtTensorTypeAndShapeInfo *info = NULL;
  char *failed = taken(api, api->GetTensorTypeAndShape(value, &info));
  if (!failed) failed = tensor_shape(api, info, element, shape, rank);
  RELEASE(api->ReleaseTensorTypeAndShapeInfo, info);
  if (!failed) failed = taken(api, api->GetTensorMutableData(value, data));
  return failed;
}
