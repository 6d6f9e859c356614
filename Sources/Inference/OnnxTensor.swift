internal import COnnxRuntime

/// The kinds of element a tensor of ours may have.
public enum OnnxElement: Int32, Hashable, Sendable {
  case float = 1
  case int32 = 6
  case int64 = 7
  case bool = 9

  /// Bytes of one element.
  public var size: Int {
    switch self {
    case .float, .int32: 4
    case .int64: 8
    case .bool: 1
    }
  }
}

/// A Swift type that a tensor can hold.
public protocol OnnxScalar: BitwiseCopyable, Sendable {
  /// How ONNX calls it.
  static var onnxElement: OnnxElement { get }
}

extension Float: OnnxScalar {
  public static var onnxElement: OnnxElement { .float }
}
extension Int32: OnnxScalar {
  public static var onnxElement: OnnxElement { .int32 }
}
extension Int64: OnnxScalar {
  public static var onnxElement: OnnxElement { .int64 }
}
extension Bool: OnnxScalar {
  public static var onnxElement: OnnxElement { .bool }
}

/// A tensor: made here over memory of its own, or given by a run. Belongs to one thread at a time.
public final class OnnxTensor {
  /// The kind of its elements.
  public let element: OnnxElement
  /// Its dimensions; a scalar has none.
  public let shape: [Int]

  let value: OpaquePointer
  private let runtime: OnnxRuntime
  /// Nil for a tensor without elements that a run gave.
  private let data: UnsafeMutableRawPointer?
  private let ownsData: Bool

  /// Number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// A tensor of zeros. Dimensions must not be negative; one of them may be 0.
  public init(_ runtime: OnnxRuntime, zeros element: OnnxElement, shape: [Int]) throws(InferenceError) {
    guard shape.count <= onnx_rank_limit, shape.allSatisfy({ $0 >= 0 }) else {
      throw InferenceError(.wrongTensor, "a tensor cannot have the shape \(shape)")
    }
    let bytes = shape.reduce(1, *) * element.size
    let memory = UnsafeMutableRawPointer.allocate(byteCount: max(64, bytes), alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: max(64, bytes))
    var made: OpaquePointer?
    let failure = onnx_value_wrap(
      runtime.handle, element.rawValue, memory, bytes, shape.map(Int64.init), shape.count, &made)
    guard failure == nil, let made else {
      memory.deallocate()
      throw InferenceError(.wrongTensor, failure.map(taken) ?? "no tensor was made")
    }
    self.runtime = runtime
    self.element = element
    self.shape = shape
    value = made
    data = memory
    ownsData = true
  }

  /// A tensor with a copy of the scalars, whose number must be the product of the dimensions.
  public convenience init<Scalar: OnnxScalar>(
    _ runtime: OnnxRuntime, _ scalars: [Scalar], shape: [Int]
  ) throws(InferenceError) {
    guard shape.reduce(1, *) == scalars.count else {
      throw InferenceError(.wrongTensor, "\(scalars.count) scalars do not fill the shape \(shape)")
    }
    try self.init(runtime, zeros: Scalar.onnxElement, shape: shape)
    scalars.withUnsafeBytes { source in
      if let base = source.baseAddress { data?.copyMemory(from: base, byteCount: source.count) }
    }
  }

  /// Takes over a value that a run gave.
  init(_ runtime: OnnxRuntime, taking value: OpaquePointer) throws(InferenceError) {
    var memory: UnsafeMutableRawPointer?
    var element: Int32 = 0
    var dimensions = [Int64](repeating: 0, count: onnx_rank_limit)
    var rank = 0
    let failure = onnx_value_look(runtime.handle, value, &memory, &element, &dimensions, &rank)
    let isThere = memory != nil || dimensions.prefix(rank).contains(0)
    guard failure == nil, let known = OnnxElement(rawValue: element), isThere else {
      onnx_value_release(runtime.handle, value)
      throw InferenceError(.wrongTensor, failure.map(taken) ?? "a run gave a tensor of the unknown type \(element)")
    }
    self.runtime = runtime
    self.value = value
    self.element = known
    shape = dimensions.prefix(rank).map(Int.init)
    data = memory
    ownsData = false
  }

  deinit {
    onnx_value_release(runtime.handle, value)
    if ownsData { data?.deallocate() }
  }

  /// Lends the elements for reading. Throws `wrongTensor` when they are of another type.
  public func read<Scalar: OnnxScalar, Result>(
    as type: Scalar.Type, _ body: (Span<Scalar>) throws(InferenceError) -> Result
  ) throws(InferenceError) -> Result {
    try check(type)
    let buffer = UnsafeBufferPointer(start: data?.assumingMemoryBound(to: type), count: count)
    return try body(buffer.span)
  }

  /// Lends the elements for writing. Throws `wrongTensor` when they are of another type.
  public func write<Scalar: OnnxScalar>(
    as type: Scalar.Type, _ body: (inout MutableSpan<Scalar>) -> Void
  ) throws(InferenceError) {
    try check(type)
    let buffer = UnsafeMutableBufferPointer(start: data?.assumingMemoryBound(to: type), count: count)
    var span = buffer.mutableSpan
    body(&span)
  }

  /// A tensor of some of its rows, in this order; a row may come more than once. The rows are along the first dimension.
  public func gathering(rows: [Int]) throws(InferenceError) -> OnnxTensor {
    guard let height = shape.first, rows.allSatisfy({ (0..<height).contains($0) }) else {
      throw InferenceError(.wrongTensor, "a tensor of the shape \(shape) has not the rows \(rows)")
    }
    let made = try OnnxTensor(runtime, zeros: element, shape: [rows.count] + shape.dropFirst())
    let bytes = shape.dropFirst().reduce(1, *) * element.size
    guard bytes > 0, let data, let target = made.data else { return made }
    for (place, row) in rows.enumerated() {
      (target + place * bytes).copyMemory(from: data + row * bytes, byteCount: bytes)
    }
    return made
  }

  private func check<Scalar: OnnxScalar>(_ type: Scalar.Type) throws(InferenceError) {
    guard element == type.onnxElement else {
      throw InferenceError(.wrongTensor, "a tensor holds \(element), not \(type.onnxElement)")
    }
  }
}
