/// Cuts a byte stream into SIP messages by Content-Length (RFC 3261 section 18.3), with the keep-alive of RFC 5626.
///
/// Holds at most one message's limit plus the last chunk, and takes time in proportion to the octets. After an error the
/// connection must be closed.
public struct StreamFramer: Sendable {
  /// What comes out of the stream.
  public enum Frame: Hashable, Sendable {
    /// A whole message for `SIPParser`.
    case message([UInt8])
    /// The head of a message that is too large, or whose end cannot be found, for an answer. The stream has failed.
    case unusable([UInt8])
    /// A double CRLF: answer with one CRLF.
    case keepAlive
  }
  private let limits: SIPLimits
  private var buffer: [UInt8] = []
  /// Octets of the buffer that are done with; given back when they are more than those that wait.
  private var start = 0
  private var searched = 0
  private var expected: Int?
  private var failed = false

  /// A framer for one connection.
  public init(limits: SIPLimits = SIPLimits()) { self.limits = limits }

  /// Octets waiting for their message to become whole.
  public var buffered: Int { buffer.count - start }

  /// Takes the next octets of the stream. Call `next()` until it returns nil before appending more.
  public mutating func append(_ bytes: some Sequence<UInt8>) {
    guard !failed else { return }
    if start > buffered {
      buffer.removeFirst(start)
      searched -= min(searched, start)
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// The next frame, or nil when more octets are needed.
  /// - Throws: `.lostFraming`; the connection must be closed.
  public mutating func next() throws(SignallingError) -> Frame? {
    guard !failed else { throw SignallingError(.lostFraming, "the stream cannot be cut any more") }
    if expected == nil {
      let waiting = buffer[start...]
      if waiting.starts(with: [13, 10, 13, 10]) {
        drop(4)
        return .keepAlive
      }
      if waiting.count < 4, waiting.elementsEqual([13, 10, 13].prefix(waiting.count)) { return nil }
      var blank = 0
      while blank < waiting.count, buffer[start + blank] == 13 || buffer[start + blank] == 10 { blank += 1 }
      if blank > 0 { drop(blank) }
      if let head = findHead() {
        failed = true
        buffer = []
        start = 0
        return .unusable(head)
      }
    }
    guard let expected, buffered >= expected else { return nil }
    let message = Array(buffer[start..<start + expected])
    drop(expected)
    return .message(message)
  }

  private mutating func drop(_ count: Int) {
    start += count
    searched = start
    expected = nil
  }

  /// Looks for the end of the head; the head when the message is unusable.
  private mutating func findHead() -> [UInt8]? {
    var index = max(searched, start + 3)
    while index < buffer.count {
      if buffer[index] == 10, buffer[index - 1] == 13, buffer[index - 2] == 10, buffer[index - 3] == 13 {
        expected = messageLength(headEnd: index + 1)
        return expected == nil ? head(upTo: index + 1) : nil
      }
      index += 1
    }
    searched = index
    return buffered > limits.message ? head(upTo: buffer.count) : nil
  }

  /// At most one octet more than a message may have, which says that it is too large.
  private func head(upTo end: Int) -> [UInt8] { Array(buffer[start..<end].prefix(limits.message + 1)) }

  private func messageLength(headEnd: Int) -> Int? {
    let block = HeaderBlock.read(buffer[start..<headEnd], limits: limits)
    guard block.problem == nil else { return nil }
    let lengths = block.lines.dropFirst().compactMap { HeaderBlock.field($0) }.filter { $0.name == .contentLength }
    guard lengths.count == 1, let length = lengths[0].value.decimal(upTo: UInt64(limits.message)) else { return nil }
    let whole = headEnd - start + Int(length)
    return whole <= limits.message ? whole : nil
  }
}
