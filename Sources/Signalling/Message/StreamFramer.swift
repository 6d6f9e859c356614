/// Cuts a byte stream into SIP messages by Content-Length (RFC 3261 section 18.3), with the keep-alive of RFC 5626.
///
/// Holds at most one message's limit plus the last chunk. After an error the connection must be closed.
public struct StreamFramer: Sendable {
  /// What comes out of the stream.
  public enum Frame: Hashable, Sendable {
    /// A whole message for `SIPParser`.
    case message([UInt8])
    /// A double CRLF: answer with one CRLF.
    case keepAlive
  }
  private let limits: SIPLimits
  private var buffer: [UInt8] = []
  private var searched = 0
  private var expected: Int?
  private var failed = false

  /// A framer for one connection.
  public init(limits: SIPLimits = SIPLimits()) { self.limits = limits }

  /// Octets waiting for their message to become whole.
  public var buffered: Int { buffer.count }

  /// Takes the next octets of the stream. Call `next()` until it returns nil before appending more.
  public mutating func append(_ bytes: some Sequence<UInt8>) {
    guard !failed else { return }
    buffer.append(contentsOf: bytes)
  }

  /// The next frame, or nil when more octets are needed.
  /// - Throws: `.lostFraming` or `.tooLarge`; the connection must be closed.
  public mutating func next() throws(SignallingError) -> Frame? {
    guard !failed else { throw SignallingError(.lostFraming, "the stream failed before") }
    if expected == nil {
      if buffer.starts(with: [13, 10, 13, 10]) {
        drop(4)
        return .keepAlive
      }
      if buffer.count < 4, buffer.elementsEqual([13, 10, 13].prefix(buffer.count)) { return nil }
      var blank = 0
      while blank < buffer.count, buffer[blank] == 13 || buffer[blank] == 10 { blank += 1 }
      if blank > 0 { drop(blank) }
      try findHead()
    }
    guard let expected else { return nil }
    guard buffer.count >= expected else { return nil }
    let message = Array(buffer[..<expected])
    drop(expected)
    return .message(message)
  }

  private mutating func drop(_ count: Int) {
    buffer.removeFirst(count)
    searched = 0
    expected = nil
  }

  private mutating func findHead() throws(SignallingError) {
    var index = max(searched, 3)
    while index < buffer.count {
      if buffer[index] == 10, buffer[index - 1] == 13, buffer[index - 2] == 10, buffer[index - 3] == 13 {
        expected = try messageLength(headEnd: index + 1)
        return
      }
      index += 1
    }
    searched = index
    if buffer.count > limits.message { throw fail(.tooLarge, "header exceeds the limit") }
  }

  private mutating func messageLength(headEnd: Int) throws(SignallingError) -> Int {
    guard let block = try? HeaderBlock.read(buffer[..<headEnd], limits: limits) else {
      throw fail(.lostFraming, "bad header in the stream")
    }
    let lengths = block.lines.dropFirst().compactMap { HeaderBlock.field($0) }.filter { $0.name == .contentLength }
    guard lengths.count == 1, let length = lengths[0].value.decimal(upTo: UInt64(limits.message)) else {
      throw fail(.lostFraming, "no usable Content-Length in the stream")
    }
    guard headEnd + Int(length) <= limits.message else { throw fail(.tooLarge, "message exceeds the limit") }
    return headEnd + Int(length)
  }

  private mutating func fail(_ code: SignallingError.Kind, _ message: String) -> SignallingError {
    failed = true
    buffer = []
    return SignallingError(code, message)
  }
}
