internal import COnnxRuntime

/// A run prepared once and repeated with the same tensors, so that nothing of ours is allocated when it runs.
///
/// Write the inputs, run, read the outputs. Belongs to one thread at a time; the session may be shared.
public final class OnnxCall {
  /// One for each input of the session.
  public let inputs: [OnnxTensor]
  /// One for each output of the session; a run writes into them.
  public let outputs: [OnnxTensor]

  private let session: OnnxSession
  private let inputValues: [OpaquePointer]
  private var outputValues: [OpaquePointer?]

  /// Prepares a run. The shapes of `outputs` must be the ones the model gives for `inputs`.
  public init(_ session: OnnxSession, inputs: [OnnxTensor], outputs: [OnnxTensor]) throws(InferenceError) {
    guard inputs.count == session.inputs.count, outputs.count == session.outputs.count else {
      throw InferenceError(
        .wrongTensor,
        "the model takes \(session.inputs.count) and gives \(session.outputs.count) tensors, not \(inputs.count) and "
          + "\(outputs.count)")
    }
    self.session = session
    self.inputs = inputs
    self.outputs = outputs
    inputValues = inputs.map(\.value)
    outputValues = outputs.map(\.value)
  }

  /// Runs the model on the calling thread.
  public func run() throws(InferenceError) {
    if let failure = onnx_session_run(session.handle, inputValues, &outputValues) {
      throw InferenceError(.runFailed, taken(failure))
    }
  }
}
