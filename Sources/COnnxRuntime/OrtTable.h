// The part of ONNX Runtime's C interface that Repartee calls: its table of functions, with their types, by name.
//
// The names, types and places are those of `struct OrtApi` in onnxruntime_c_api.h (MIT, Microsoft), so that this page can be laid
// beside that header, or be replaced by it. The table only grows at its end: a place, once given, keeps its meaning. Functions
// nobody calls are left out as room, and the compiler checks each place that is named.
#ifndef REPARTEE_ORT_TABLE_H
#define REPARTEE_ORT_TABLE_H

#include <stddef.h>
#include <stdint.h>

// The version of the interface that is asked for; a library offers its own and every earlier one.
enum { ort_api_version = 17 };

typedef struct OrtAllocator OrtAllocator;
typedef struct OrtEnv OrtEnv;
typedef struct OrtMemoryInfo OrtMemoryInfo;
typedef struct OrtRunOptions OrtRunOptions;
typedef struct OrtSession OrtSession;
typedef struct OrtSessionOptions OrtSessionOptions;
typedef struct OrtStatus OrtStatus;
typedef struct OrtTensorTypeAndShapeInfo OrtTensorTypeAndShapeInfo;
typedef struct OrtTypeInfo OrtTypeInfo;
typedef struct OrtValue OrtValue;

typedef enum { ORT_LOGGING_LEVEL_FATAL = 4 } OrtLoggingLevel;
typedef enum { OrtArenaAllocator = 1 } OrtAllocatorType;
typedef enum { OrtMemTypeDefault = 0 } OrtMemType;
typedef enum {
  ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED = 0,
  ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT = 1,
  ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 = 6,
  ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 = 7,
  ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL = 9,
} ONNXTensorElementDataType;

typedef void (*ort_unused)(void);

typedef struct {
  ort_unused unused_0[2];
  const char *(*GetErrorMessage)(const OrtStatus *status);
  OrtStatus *(*CreateEnv)(OrtLoggingLevel level, const char *name, OrtEnv **env);
  ort_unused unused_4[3];
  OrtStatus *(*CreateSession)(const OrtEnv *env, const char *path, const OrtSessionOptions *options, OrtSession **session);
  ort_unused unused_8[1];
  OrtStatus *(*Run)(OrtSession *session, const OrtRunOptions *options, const char *const *input_names,
      const OrtValue *const *inputs, size_t input_count, const char *const *output_names, size_t output_count,
      OrtValue **outputs);
  OrtStatus *(*CreateSessionOptions)(OrtSessionOptions **options);
  ort_unused unused_11[6];
  OrtStatus *(*DisableMemPattern)(OrtSessionOptions *options);
  ort_unused unused_18[1];
  OrtStatus *(*DisableCpuMemArena)(OrtSessionOptions *options);
  ort_unused unused_20[4];
  OrtStatus *(*SetIntraOpNumThreads)(OrtSessionOptions *options, int threads);
  OrtStatus *(*SetInterOpNumThreads)(OrtSessionOptions *options, int threads);
  ort_unused unused_26[4];
  OrtStatus *(*SessionGetInputCount)(const OrtSession *session, size_t *count);
  OrtStatus *(*SessionGetOutputCount)(const OrtSession *session, size_t *count);
  ort_unused unused_32[1];
  OrtStatus *(*SessionGetInputTypeInfo)(const OrtSession *session, size_t index, OrtTypeInfo **info);
  OrtStatus *(*SessionGetOutputTypeInfo)(const OrtSession *session, size_t index, OrtTypeInfo **info);
  ort_unused unused_35[1];
  OrtStatus *(*SessionGetInputName)(const OrtSession *session, size_t index, OrtAllocator *allocator, char **name);
  OrtStatus *(*SessionGetOutputName)(const OrtSession *session, size_t index, OrtAllocator *allocator, char **name);
  ort_unused unused_38[11];
  OrtStatus *(*CreateTensorWithDataAsOrtValue)(
      const OrtMemoryInfo *memory, void *data, size_t bytes, const int64_t *shape, size_t rank,
      ONNXTensorElementDataType element, OrtValue **value);
  ort_unused unused_50[1];
  OrtStatus *(*GetTensorMutableData)(OrtValue *value, void **data);
  ort_unused unused_52[3];
  OrtStatus *(*CastTypeInfoToTensorInfo)(const OrtTypeInfo *type, const OrtTensorTypeAndShapeInfo **info);
  ort_unused unused_56[4];
  OrtStatus *(*GetTensorElementType)(const OrtTensorTypeAndShapeInfo *info, ONNXTensorElementDataType *element);
  OrtStatus *(*GetDimensionsCount)(const OrtTensorTypeAndShapeInfo *info, size_t *rank);
  OrtStatus *(*GetDimensions)(const OrtTensorTypeAndShapeInfo *info, int64_t *shape, size_t rank);
  ort_unused unused_63[2];
  OrtStatus *(*GetTensorTypeAndShape)(const OrtValue *value, OrtTensorTypeAndShapeInfo **info);
  ort_unused unused_66[3];
  OrtStatus *(*CreateCpuMemoryInfo)(OrtAllocatorType allocator, OrtMemType memory, OrtMemoryInfo **info);
  ort_unused unused_70[6];
  OrtStatus *(*AllocatorFree)(OrtAllocator *allocator, void *memory);
  ort_unused unused_77[1];
  OrtStatus *(*GetAllocatorWithDefaultOptions)(OrtAllocator **allocator);
  ort_unused unused_79[13];
  void (*ReleaseEnv)(OrtEnv *env);
  void (*ReleaseStatus)(OrtStatus *status);
  void (*ReleaseMemoryInfo)(OrtMemoryInfo *info);
  void (*ReleaseSession)(OrtSession *session);
  void (*ReleaseValue)(OrtValue *value);
  ort_unused unused_97[1];
  void (*ReleaseTypeInfo)(OrtTypeInfo *info);
  void (*ReleaseTensorTypeAndShapeInfo)(OrtTensorTypeAndShapeInfo *info);
  void (*ReleaseSessionOptions)(OrtSessionOptions *options);
  ort_unused unused_101[29];
  OrtStatus *(*AddSessionConfigEntry)(OrtSessionOptions *options, const char *key, const char *value);
} OrtApi;

typedef struct {
  const OrtApi *(*GetApi)(uint32_t version);
  const char *(*GetVersionString)(void);
} OrtApiBase;

#define ORT_PLACE(function, index) \
  _Static_assert(offsetof(OrtApi, function) == (index) * sizeof(ort_unused), #function " is at another place")
ORT_PLACE(GetErrorMessage, 2);
ORT_PLACE(CreateEnv, 3);
ORT_PLACE(CreateSession, 7);
ORT_PLACE(Run, 9);
ORT_PLACE(CreateSessionOptions, 10);
ORT_PLACE(DisableMemPattern, 17);
ORT_PLACE(DisableCpuMemArena, 19);
ORT_PLACE(SetIntraOpNumThreads, 24);
ORT_PLACE(SetInterOpNumThreads, 25);
ORT_PLACE(SessionGetInputCount, 30);
ORT_PLACE(SessionGetOutputCount, 31);
ORT_PLACE(SessionGetInputTypeInfo, 33);
ORT_PLACE(SessionGetOutputTypeInfo, 34);
ORT_PLACE(SessionGetInputName, 36);
ORT_PLACE(SessionGetOutputName, 37);
ORT_PLACE(CreateTensorWithDataAsOrtValue, 49);
ORT_PLACE(GetTensorMutableData, 51);
ORT_PLACE(CastTypeInfoToTensorInfo, 55);
ORT_PLACE(GetTensorElementType, 60);
ORT_PLACE(GetDimensionsCount, 61);
ORT_PLACE(GetDimensions, 62);
ORT_PLACE(GetTensorTypeAndShape, 65);
ORT_PLACE(CreateCpuMemoryInfo, 69);
ORT_PLACE(AllocatorFree, 76);
ORT_PLACE(GetAllocatorWithDefaultOptions, 78);
ORT_PLACE(ReleaseEnv, 92);
ORT_PLACE(ReleaseStatus, 93);
ORT_PLACE(ReleaseMemoryInfo, 94);
ORT_PLACE(ReleaseSession, 95);
ORT_PLACE(ReleaseValue, 96);
ORT_PLACE(ReleaseTypeInfo, 98);
ORT_PLACE(ReleaseTensorTypeAndShapeInfo, 99);
ORT_PLACE(ReleaseSessionOptions, 100);
ORT_PLACE(AddSessionConfigEntry, 130);

#endif
