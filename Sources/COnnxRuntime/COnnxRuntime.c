#include "COnnxRuntime.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The runtime's API is a table of function pointers that only grows at its end, so an index means the same function in
// every release since the one that added it. The indexes used here all belong to the version asked for.
enum { api_version = 17 };

typedef void status;
typedef void (*slot)(void);

enum {
  slot_error_message = 2,
  slot_create_env = 3,
  slot_create_session = 7,
  slot_run = 9,
  slot_create_session_options = 10,
  slot_disable_mem_pattern = 17,
  slot_disable_cpu_arena = 19,
  slot_set_intra_threads = 24,
  slot_set_inter_threads = 25,
  slot_input_count = 30,
  slot_output_count = 31,
  slot_input_type_info = 33,
  slot_output_type_info = 34,
  slot_input_name = 36,
  slot_output_name = 37,
  slot_create_tensor_with_data = 49,
  slot_tensor_data = 51,
  slot_cast_to_tensor_info = 55,
  slot_element_type = 60,
  slot_dimension_count = 61,
  slot_dimensions = 62,
  slot_tensor_type_and_shape = 65,
  slot_create_cpu_memory_info = 69,
  slot_allocator_free = 76,
  slot_default_allocator = 78,
  slot_release_env = 92,
  slot_release_status = 93,
  slot_release_memory_info = 94,
  slot_release_session = 95,
  slot_release_value = 96,
  slot_release_type_info = 98,
  slot_release_tensor_info = 99,
  slot_release_session_options = 100,
  slot_add_config_entry = 130,
};

typedef struct {
  const slot *(*get_api)(uint32_t version);
  const char *(*version)(void);
} api_base;

struct onnx_runtime {
  const slot *api;
  void *env;
  void *memory;
  const char *version;
};

typedef struct {
  size_t count;
  onnx_port *ports;
  const char **names;
} port_list;

struct onnx_session {
  const onnx_runtime *runtime;
  void *session;
  port_list inputs;
  port_list outputs;
};

#define CALL(table, index, signature) ((status * (*)signature)(table)[index])
#define RELEASE(table, index, object) \
  do { \
    if (object) ((void (*)(void *))(table)[index])(object); \
  } while (0)

static char *message(const char *text) {
  char *copy = strdup(text ? text : "unknown error");
  return copy ? copy : strdup("out of memory");
}

static char *taken(const slot *api, status *failed) {
  if (!failed) return NULL;
  char *text = message(((const char *(*)(const status *))api[slot_error_message])(failed));
  RELEASE(api, slot_release_status, failed);
  return text;
}

void onnx_message_free(char *text) { free(text); }

char *onnx_runtime_open(const char *path, onnx_runtime **out) {
  *out = NULL;
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) return message(dlerror());
  const api_base *(*base_of)(void) = (const api_base *(*)(void))dlsym(library, "OrtGetApiBase");
  if (!base_of) {
    char *text = message(dlerror());
    dlclose(library);
    return text;
  }
  const api_base *base = base_of();
  const slot *api = base->get_api(api_version);
  if (!api) {
    char text[160];
    snprintf(text, sizeof text, "version %.40s of the library does not offer API version %d", base->version(), api_version);
    dlclose(library);
    return message(text);
  }
  onnx_runtime *runtime = calloc(1, sizeof *runtime);
  if (!runtime) return message("out of memory");
  runtime->api = api;
  runtime->version = base->version();
  // Errors come back as messages; the library itself prints only what ends the process.
  const int fatal_only = 4, arena_allocator = 1, default_memory = 0;
  char *failed = taken(api, CALL(api, slot_create_env, (int, const char *, void **))(fatal_only, "repartee", &runtime->env));
  if (!failed)
    failed = taken(api, CALL(api, slot_create_cpu_memory_info, (int, int, void **))(arena_allocator, default_memory, &runtime->memory));
  if (failed) {
    onnx_runtime_close(runtime);
    return failed;
  }
  *out = runtime;
  return NULL;
}

void onnx_runtime_close(onnx_runtime *runtime) {
  RELEASE(runtime->api, slot_release_memory_info, runtime->memory);
  RELEASE(runtime->api, slot_release_env, runtime->env);
  free(runtime);
}

const char *onnx_runtime_version(const onnx_runtime *runtime) { return runtime->version; }

static char *tensor_shape(const slot *api, const void *info, int32_t *element, int64_t *shape, size_t *rank) {
  int type = 0;
  char *failed = taken(api, CALL(api, slot_element_type, (const void *, int *))(info, &type));
  *element = type;
  if (!failed) failed = taken(api, CALL(api, slot_dimension_count, (const void *, size_t *))(info, rank));
  if (!failed && *rank > onnx_rank_limit) failed = message("a tensor has more dimensions than this program handles");
  if (!failed) failed = taken(api, CALL(api, slot_dimensions, (const void *, int64_t *, size_t))(info, shape, *rank));
  return failed;
}

static char *fill_port(const onnx_session *session, int name_slot, int info_slot, size_t index, onnx_port *port) {
  const slot *api = session->runtime->api;
  void *allocator = NULL;
  char *name = NULL;
  char *failed = taken(api, CALL(api, slot_default_allocator, (void **))(&allocator));
  if (!failed)
    failed = taken(api, CALL(api, name_slot, (const void *, size_t, void *, char **))(session->session, index, allocator, &name));
  if (failed) return failed;
  port->name = strdup(name);
  char *freed = taken(api, CALL(api, slot_allocator_free, (void *, void *))(allocator, name));
  onnx_message_free(freed);
  if (!port->name) return message("out of memory");
  void *type = NULL;
  failed = taken(api, CALL(api, info_slot, (const void *, size_t, void **))(session->session, index, &type));
  const void *info = NULL;
  if (!failed) failed = taken(api, CALL(api, slot_cast_to_tensor_info, (const void *, const void **))(type, &info));
  if (!failed && !info) failed = message("the model takes or gives something else than tensors");
  if (!failed) failed = tensor_shape(api, info, &port->element, port->shape, &port->rank);
  RELEASE(api, slot_release_type_info, type);
  return failed;
}

static char *fill_ports(const onnx_session *session, bool input, port_list *list) {
  const slot *api = session->runtime->api;
  size_t count = 0;
  char *failed = taken(
      api, CALL(api, input ? slot_input_count : slot_output_count, (const void *, size_t *))(session->session, &count));
  if (failed) return failed;
  list->ports = calloc(count + 1, sizeof *list->ports);
  list->names = calloc(count + 1, sizeof *list->names);
  if (!list->ports || !list->names) return message("out of memory");
  for (size_t index = 0; index < count; index++) {
    failed = fill_port(
        session, input ? slot_input_name : slot_output_name, input ? slot_input_type_info : slot_output_type_info, index,
        &list->ports[index]);
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
  const slot *api = runtime->api;
  void *options = NULL;
  onnx_session *session = calloc(1, sizeof *session);
  if (!session) return message("out of memory");
  session->runtime = runtime;
  char *failed = taken(api, CALL(api, slot_create_session_options, (void **))(&options));
  if (!failed) failed = taken(api, CALL(api, slot_set_intra_threads, (void *, int))(options, threads));
  if (!failed) failed = taken(api, CALL(api, slot_set_inter_threads, (void *, int))(options, 1));
  if (!failed && !arena) failed = taken(api, CALL(api, slot_disable_cpu_arena, (void *))(options));
  if (!failed && !arena) failed = taken(api, CALL(api, slot_disable_mem_pattern, (void *))(options));
  const char *settings[] = {"session.intra_op.allow_spinning", "session.inter_op.allow_spinning"};
  for (size_t index = 0; index < 2 && !failed; index++)
    failed = taken(api, CALL(api, slot_add_config_entry, (void *, const char *, const char *))(options, settings[index], "0"));
  if (!failed)
    failed = taken(
        api, CALL(api, slot_create_session, (const void *, const char *, const void *, void **))(
                 runtime->env, path, options, &session->session));
  RELEASE(api, slot_release_session_options, options);
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
  RELEASE(session->runtime->api, slot_release_session, session->session);
  free_ports(&session->inputs);
  free_ports(&session->outputs);
  free(session);
}

size_t onnx_session_input_count(const onnx_session *session) { return session->inputs.count; }
size_t onnx_session_output_count(const onnx_session *session) { return session->outputs.count; }
const onnx_port *onnx_session_input(const onnx_session *session, size_t index) { return &session->inputs.ports[index]; }
const onnx_port *onnx_session_output(const onnx_session *session, size_t index) { return &session->outputs.ports[index]; }

char *onnx_session_run(onnx_session *session, const onnx_value *const *inputs, onnx_value **outputs) {
  const slot *api = session->runtime->api;
  return taken(
      api,
      CALL(api, slot_run,
           (void *, const void *, const char *const *, const onnx_value *const *, size_t, const char *const *, size_t,
            onnx_value **))(session->session, NULL, session->inputs.names, inputs, session->inputs.count,
                            session->outputs.names, session->outputs.count, outputs));
}

char *onnx_value_wrap(
    const onnx_runtime *runtime, int32_t element, void *data, size_t bytes, const int64_t *shape, size_t rank,
    onnx_value **value) {
  *value = NULL;
  return taken(
      runtime->api,
      CALL(runtime->api, slot_create_tensor_with_data,
           (const void *, void *, size_t, const int64_t *, size_t, int, onnx_value **))(
          runtime->memory, data, bytes, shape, rank, element, value));
}

void onnx_value_release(const onnx_runtime *runtime, onnx_value *value) {
  RELEASE(runtime->api, slot_release_value, value);
}

char *onnx_value_look(
    const onnx_runtime *runtime, onnx_value *value, void **data, int32_t *element, int64_t *shape, size_t *rank) {
  const slot *api = runtime->api;
  void *info = NULL;
  char *failed = taken(api, CALL(api, slot_tensor_type_and_shape, (const void *, void **))(value, &info));
  if (!failed) failed = tensor_shape(api, info, element, shape, rank);
  RELEASE(api, slot_release_tensor_info, info);
  if (!failed) failed = taken(api, CALL(api, slot_tensor_data, (void *, void **))(value, data));
  return failed;
}
