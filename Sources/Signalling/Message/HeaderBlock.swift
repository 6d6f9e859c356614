/// The head of a message as unfolded lines (RFC 3261 section 7.3.1). What breaks a bound or the grammar is told beside the lines
/// that could be read, so that it can be answered.
struct HeaderBlock {
  /// Start line first, cut where it is too long; folded lines joined by one space. At most as many as the limits allow, none longer.
  private(set) var lines: [ArraySlice<UInt8>] = []
  /// Index of the first octet of the body.
  private(set) var bodyStart: Int
  /// What is wrong with the head, the worst of all.
  private(set) var problem: Problem?

  /// Whether a line is missing among `lines` that was a Via and stood before all others: nobody can be answered.
  private(set) var lacksTopmostVia = false

  enum Problem: Error { case unfinished, tooLarge, startTooLong, controlCharacter }

  /// Splits the head at line ends. A bare LF is tolerated as a line end in datagrams; a bare CR or NUL is not. Linear in the
  /// octets, folds included.
  static func read(_ bytes: ArraySlice<UInt8>, limits: SIPLimits) -> HeaderBlock {
    var block = HeaderBlock(bodyStart: bytes.endIndex)
    // The line that may still be folded: a part of the message, or what its folds made of it.
    var line = bytes[bytes.startIndex..<bytes.startIndex]
    var folded: [UInt8] = []
    var sawVia = false
    func drop(_ line: ArraySlice<UInt8>, _ block: inout HeaderBlock) {
      if !sawVia, isVia(line) { block.lacksTopmostVia = true }
    }
    func close(_ block: inout HeaderBlock) {
      let whole = folded.isEmpty ? line : folded[...]
      guard !whole.isEmpty else { return }
      if block.lines.isEmpty, whole.count > limits.line {
        block.problem = .startTooLong
        block.lines.append(whole.prefix(limits.line))
      } else if whole.count > limits.line || block.lines.count > limits.headers {
        block.problem = block.problem == .startTooLong ? .startTooLong : .tooLarge
        drop(whole, &block)
      } else {
        block.lines.append(whole)
        sawVia = sawVia || isVia(whole)
      }
      folded = []
    }
    var start = bytes.startIndex
    while start < bytes.endIndex, bytes[start] == 13 || bytes[start] == 10 { start += 1 }
    while let newline = bytes[start...].firstIndex(of: 10) {
      var end = newline
      if end > start, bytes[end - 1] == 13 { end -= 1 }
      let next = bytes[start..<end]
      start = newline + 1
      if next.isEmpty {
        close(&block)
        block.bodyStart = start
        return block
      }
      guard !next.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else {
        block.problem = block.problem ?? .controlCharacter
        // The start line says whether anything is answered.
        if block.lines.isEmpty, line.isEmpty {
          line = next
        } else if !isVia(line) {
          drop(next, &block)
        }
        continue
      }
      if let first = next.first, first.isLinearSpace, !block.lines.isEmpty, !line.isEmpty {
        if folded.isEmpty { folded = Array(line) }
        if folded.count <= limits.line { folded += [0x20] + next.drop(while: \.isLinearSpace) }
      } else {
        close(&block)
        line = next
      }
    }
    close(&block)
    block.problem = block.problem ?? .unfinished
    return block
  }

  private static func isVia(_ line: ArraySlice<UInt8>) -> Bool {
    let name = line.prefix(16).prefix { $0 != UInt8(ascii: ":") }.filter { !$0.isLinearSpace }
    return ["via", "v"].contains(String(decoding: name, as: UTF8.self).lowercased())
  }

  /// Splits a header line at its colon; nil when the name is not a token.
  static func field(_ line: ArraySlice<UInt8>) -> (name: HeaderName, value: String)? {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    var end = colon
    while end > line.startIndex, line[end - 1].isLinearSpace { end -= 1 }
    let name = line[line.startIndex..<end]
    guard !name.isEmpty, name.allSatisfy(\.isToken) else { return nil }
    return (HeaderName(String(decoding: name, as: UTF8.self)), OctetText.decode(line[(colon + 1)...]).trimmed)
  }
}
