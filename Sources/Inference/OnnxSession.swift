internal import COnnxRuntime

/// One input or output of a model.
public struct OnnxPort: Hashable, Sendable {
  /// Its name in the model.
  public let name: String
  /// The kind of its elements; nil when this program does not handle it.
  public let element: OnnxElement?
  /// Its dimensions; -1 where any size goes.
  public let shape: [Int]
}

/// A loaded model. May be run by several threads at once, each with tensors of its own.
public final class OnnxSession: Sendable {
  /// What the model takes, in the order of `run`.
  public let inputs: [OnnxPort]
  /// What the model gives, in the order of `run`.
  public let outputs: [OnnxPort]
  /// The runtime that holds the model.
  public let runtime: OnnxRuntime

  // The handle is never written after init, the library allows runs from several threads, and it is freed in deinit
  // only.
  nonisolated(unsafe) let handle: OpaquePointer

  /// Loads a model file; takes from milliseconds to a second, and blocks. Throws `modelUnusable` with the reason.
  ///
  /// - Parameters:
  ///   - threads: threads of one run, the calling one included. 1 keeps all work on the caller's thread.
  ///   - arena: keeps freed memory for later runs; right for models whose shapes stay the same.
  public init(
    _ runtime: OnnxRuntime, model path: String, threads: Int = 1, arena: Bool = true
  ) throws(InferenceError) {
    var opened: OpaquePointer?
    if let failure = onnx_session_open(runtime.handle, path, Int32(clamping: threads), arena, &opened) {
      throw InferenceError(.modelUnusable, "a model cannot be loaded (\(taken(failure)))")
    }
    guard let opened else { throw InferenceError(.modelUnusable, "a model gave no handle") }
    self.runtime = runtime
    handle = opened
    inputs = (0..<onnx_session_input_count(opened)).map { OnnxPort(onnx_session_input(opened, $0).pointee) }
    outputs = (0..<onnx_session_output_count(opened)).map { OnnxPort(onnx_session_output(opened, $0).pointee) }
  }

  deinit { onnx_session_close(handle) }

  /// Runs the model once on the calling thread.
  ///
  /// - Parameter tensors: one for each of `inputs`, in that order.
  /// - Returns: one tensor for each of `outputs`, in that order.
  public func run(_ tensors: [OnnxTensor]) throws(InferenceError) -> [OnnxTensor] {
    guard tensors.count == inputs.count else {
      throw InferenceError(.wrongTensor, "the model takes \(inputs.count) tensors, not \(tensors.count)")
    }
    var results = [OpaquePointer?](repeating: nil, count: outputs.count)
    defer {
      for case let result? in results { onnx_value_release(runtime.handle, result) }
    }
    let failure = withExtendedLifetime(tensors) { onnx_session_run(handle, tensors.map(\.value), &results) }
    if let failure { throw InferenceError(.runFailed, taken(failure)) }
    var made: [OnnxTensor] = []
    made.reserveCapacity(results.count)
    for index in results.indices {
      guard let result = results[index] else {
        throw InferenceError(.runFailed, "the output \(outputs[index].name) is missing")
      }
      results[index] = nil  // the tensor owns it from here on, also when it throws
      made.append(try OnnxTensor(runtime, taking: result))
    }
    return made
  }

  /// The place of an input in `run`. Throws `modelUnusable` when the model has none of that name.
  public func input(_ name: String) throws(InferenceError) -> Int {
    guard let index = inputs.firstIndex(where: { $0.name == name }) else {
      throw InferenceError(.modelUnusable, "the model has no input \(name)")
    }
    return index
  }

  /// The place of an output in `run`. Throws `modelUnusable` when the model has none of that name.
  public func output(_ name: String) throws(InferenceError) -> Int {
    guard let index = outputs.firstIndex(where: { $0.name == name }) else {
      throw InferenceError(.modelUnusable, "the model has no output \(name)")
    }
    return index
  }
}

extension OnnxPort {
  init(_ port: onnx_port) {
    var dimensions = port.shape
    let shape = withUnsafeBytes(of: &dimensions) { bytes in
      bytes.bindMemory(to: Int64.self).prefix(Int(port.rank)).map(Int.init)
    }
    self.init(name: String(cString: port.name), element: OnnxElement(rawValue: port.element), shape: shape)
  }
}
