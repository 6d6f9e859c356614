internal import COnnxRuntime

/// ONNX Runtime, opened from the pack while the program runs. One for the process; sessions share it.
public final class OnnxRuntime: Sendable {
  /// Such as `1.28.2`.
  public let version: String

  // The handle is never written after init, the library's functions on it may be called from any thread, and it is
  // freed in deinit only, after every session and tensor, each of which holds this object.
  nonisolated(unsafe) let handle: OpaquePointer

  /// Opens the library at a path. Throws `runtimeUnusable` with the loader's reason.
  public init(library path: String) throws(InferenceError) {
    var opened: OpaquePointer?
    if let failure = onnx_runtime_open(path, &opened) {
      throw InferenceError(.runtimeUnusable, "ONNX Runtime cannot be opened (\(taken(failure)))")
    }
    guard let opened else { throw InferenceError(.runtimeUnusable, "ONNX Runtime gave no handle") }
    handle = opened
    version = String(cString: onnx_runtime_version(opened))
  }

  deinit { onnx_runtime_close(handle) }
}

/// The text of a message of the C shim, which is freed.
func taken(_ message: UnsafeMutablePointer<CChar>) -> String {
  defer { onnx_message_free(message) }
  return String(cString: message)
}
