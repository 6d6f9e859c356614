/// A message that cannot be taken, with the answer it deserves.
public struct SIPParseFailure: Error, Hashable, Sendable {
  /// What is wrong, without personal data.
  public var error: SignallingError
  /// The status to answer: 400, 414, 501, 505, 513 and so on; 0 when the input was no request.
  public var status: Int
  /// The ready answer, whenever the topmost Via could be read. Nil for responses, for ACK and when there is nobody to answer to.
  public var refusal: SIPRefusal?
}

/// Reads whole SIP messages (RFC 3261 section 7, RFC 4475). Pure, bounded, never traps on input.
public struct SIPParser: Sendable {
  /// The bounds in force.
  public var limits: SIPLimits

  /// A parser with its bounds.
  public init(limits: SIPLimits = SIPLimits()) { self.limits = limits }

  /// Parses one message.
  /// - Parameter bytes: a datagram, or what `StreamFramer` cut out. In a datagram, octets beyond Content-Length are
  ///   dropped (RFC 3261 section 18.3).
  public func parse(_ bytes: [UInt8]) throws(SIPParseFailure) -> SIPMessage {
    let block = HeaderBlock.read(bytes.prefix(limits.message), limits: limits)
    guard let first = block.lines.first else { throw Self.mute(.malformed, "no start line") }
    let start = OctetText.decode(first)
    var draft = Draft(lacksTopmostVia: block.lacksTopmostVia)
    if bytes.count > limits.message || block.problem == .tooLarge || block.problem == .startTooLong {
      draft.fail(.tooLarge, "message exceeds the limit")
    } else if block.problem == .unfinished {
      draft.fail(.malformed, "no end of header")
    } else if block.problem == .controlCharacter {
      draft.fail(.malformed, "control character in the header")
    }
    for line in block.lines.dropFirst() { draft.take(line) }
    let isResponse = start.utf8.count >= 4 && start.prefix(4).equalsIgnoringCase("SIP/")
    let available = bytes.count - block.bodyStart
    if block.problem == .startTooLong, !isResponse {
      let method = SIPMethod(String(start.prefix { $0 != " " }))
      throw draft.refuse(414, .tooLarge, "Request-URI exceeds the limit", method: method)
    }
    if isResponse {
      return .response(try response(start, draft, bytes: bytes[block.bodyStart...], available: available))
    }
    return .request(try request(start, draft, bytes: bytes[block.bodyStart...], available: available))
  }

  /// What is wrong with a message that a stream cannot cut out, by its head alone. One without any other fault lacks its length,
  /// which every message over a stream tells (RFC 3261 section 20.14).
  public func failure(ofHead bytes: [UInt8]) -> SIPParseFailure {
    do throws(SIPParseFailure) {
      guard case .request(let request) = try parse(bytes) else {
        return Self.mute(.missingField, "no Content-Length")
      }
      var draft = Draft(lacksTopmostVia: false)
      HeaderBlock.read(bytes.prefix(limits.message), limits: limits).lines.dropFirst().forEach { draft.take($0) }
      return draft.refuse(400, .missingField, "no Content-Length", method: request.method)
    } catch {
      return error
    }
  }

  private func response(
    _ start: String, _ draft: Draft, bytes: ArraySlice<UInt8>, available: Int
  ) throws(SIPParseFailure) -> SIPResponse {
    let parts = start.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2, parts[0].equalsIgnoringCase("SIP/2.0"), parts[1].utf8.count == 3,
      let status = parts[1].decimal(upTo: 699), status >= 100
    else { throw Self.mute(.malformed, "bad status line") }
    if let problem = draft.problem { throw Self.mute(problem.kind, problem.message) }
    guard let essentials = draft.essentials else { throw Self.mute(.missingField, "mandatory field missing") }
    let length = draft.length(available: available)
    guard length <= available else {
      throw Self.mute(.malformed, "bad Content-Length")
    }
    return SIPResponse(
      status: Int(status), reason: parts.count > 2 ? String(parts[2]) : "", vias: draft.vias, from: essentials.from,
      to: essentials.to, callID: essentials.callID, cseq: essentials.cseq, headers: draft.headers,
      body: Array(bytes.prefix(length)))
  }

  private func request(
    _ start: String, _ draft: Draft, bytes: ArraySlice<UInt8>, available: Int
  ) throws(SIPParseFailure) -> SIPRequest {
    let parts = start.split(separator: " ", omittingEmptySubsequences: false)
    let method = parts.first.map { SIPMethod(String($0)) } ?? SIPMethod("")
    func refuse(_ status: Int, _ code: SignallingError.Kind, _ message: String) -> SIPParseFailure {
      draft.refuse(status, code, message, method: method)
    }
    guard let version = parts.last, parts.count >= 3, version.utf8.count > 4,
      version.prefix(4).equalsIgnoringCase("SIP/")
    else { throw refuse(400, .malformed, "bad request line") }
    guard version.equalsIgnoringCase("SIP/2.0") else {
      throw refuse(505, .unsupportedVersion, "SIP version is not 2.0")
    }
    guard parts.count == 3, !method.rawValue.isEmpty, method.rawValue.utf8.allSatisfy(\.isToken) else {
      throw refuse(400, .malformed, "bad request line")
    }
    if let problem = draft.problem {
      throw refuse(problem.kind == .tooLarge ? 513 : 400, problem.kind, problem.message)
    }
    guard let essentials = draft.essentials, !draft.vias.isEmpty else {
      throw refuse(400, .missingField, "mandatory field missing")
    }
    let uri = String(parts[1])
    guard let colon = uri.utf8.firstIndex(of: UInt8(ascii: ":")), uri.utf8.first?.isAlpha == true else {
      throw refuse(400, .malformed, "bad Request-URI")
    }
    let scheme = uri[..<colon]
    if scheme.equalsIgnoringCase("sip") || scheme.equalsIgnoringCase("sips"),
      SIPURI(uri).map({ $0.headers != nil }) ?? true
    {
      throw refuse(400, .malformed, "bad Request-URI")
    }
    if CalledNumber.isTelephone(uri), CalledNumber(uri) == nil { throw refuse(400, .malformed, "bad Request-URI") }
    guard essentials.cseq.method == method else {
      throw refuse(SIPMethod.registered.contains(method) ? 400 : 501, .malformed, "CSeq names another method")
    }
    let length = draft.length(available: available)
    guard length <= limits.message else { throw refuse(513, .tooLarge, "body exceeds the limit") }
    guard length <= available else {
      throw refuse(400, .malformed, "bad Content-Length")
    }
    return SIPRequest(
      method: method, uriText: uri, vias: draft.vias, from: essentials.from, to: essentials.to,
      callID: essentials.callID, cseq: essentials.cseq, headers: draft.headers, body: Array(bytes.prefix(length)))
  }

  private static func mute(_ code: SignallingError.Kind, _ message: String) -> SIPParseFailure {
    SIPParseFailure(error: SignallingError(code, message), status: code == .tooLarge ? 513 : 400, refusal: nil)
  }
}

/// Header lines on their way into a message.
private struct Draft {
  struct Essentials {
    var from: NameAddress
    var to: NameAddress
    var callID: String
    var cseq: CSeq
  }
  let lacksTopmostVia: Bool
  var vias: [Via] = []
  var from: NameAddress?
  var to: NameAddress?
  var callID: String?
  var cseq: CSeq?
  var contentLength: UInt64?
  var headers = HeaderFields()
  /// What an answer gives back, as it came.
  var envelope = HeaderFields()
  var problem: SignallingError?

  init(lacksTopmostVia: Bool) { self.lacksTopmostVia = lacksTopmostVia }

  var essentials: Essentials? {
    guard let from, let to, let callID, let cseq else { return nil }
    return Essentials(from: from, to: to, callID: callID, cseq: cseq)
  }

  /// Body octets that the message declares; all that are there when it says nothing.
  func length(available: Int) -> Int { contentLength.map { Int($0) } ?? available }

  mutating func take(_ line: ArraySlice<UInt8>) {
    guard let (name, value) = HeaderBlock.field(line) else {
      fail(.malformed, "bad header line")
      return
    }
    switch name {
    case .from, .to, .callID, .cseq: if !envelope.has(name) { envelope.add(name, value) }
    default: break
    }
    switch name {
    case .via: takeVias(value)
    case .from: single(\.from, NameAddress(value), "From")
    case .to: single(\.to, NameAddress(value), "To")
    case .callID: single(\.callID, value.isEmpty || value.utf8.contains(0x20) ? nil : value, "Call-ID")
    case .cseq: single(\.cseq, CSeq(value), "CSeq")
    case .contentLength: single(\.contentLength, value.decimal(upTo: 0x7FFF_FFFF), "Content-Length")
    case .maxForwards:
      if headers.has(.maxForwards) || value.decimal(upTo: 255) == nil { fail(.malformed, "bad Max-Forwards") }
      headers.add(name, value)
    case .contact where value.trimmed != "*":
      let parts = HeaderText.list(value) ?? []
      if parts.isEmpty || parts.contains(where: { NameAddress($0) == nil }) { fail(.malformed, "bad Contact") }
      headers.add(name, value)
    case .route, .recordRoute:
      let parts = HeaderText.list(value) ?? []
      if parts.isEmpty || parts.contains(where: { NameAddress($0) == nil }) { fail(.malformed, "bad Route") }
      headers.add(name, value)
    default: headers.add(name, value)
    }
  }

  private mutating func takeVias(_ value: String) {
    guard let parts = HeaderText.list(value), !parts.isEmpty else {
      envelope.add(.via, value)
      fail(.malformed, "bad Via")
      return
    }
    for part in parts {
      let via = Via(part)
      if let via { vias.append(via) } else { fail(.malformed, "bad Via") }
      envelope.add(.via, part)
    }
  }

  /// A failure with its answer. There is none to an ACK, nor where the topmost Via does not say whom to answer.
  func refuse(
    _ status: Int, _ code: SignallingError.Kind, _ message: String, method: SIPMethod
  ) -> SIPParseFailure {
    var failure = SIPParseFailure(error: SignallingError(code, message), status: status, refusal: nil)
    let isACK = method == .ack || envelope[.cseq]?.hasSuffix(SIPMethod.ack.rawValue) == true
    if !isACK, !lacksTopmostVia, let via = envelope[.via].flatMap({ Via($0) }) {
      failure.refusal = SIPRefusal(status: status, reason: message, via: via, envelope: envelope.withoutTopmostVia)
    }
    return failure
  }

  private mutating func single<Value>(_ path: WritableKeyPath<Draft, Value?>, _ value: Value?, _ name: String) {
    if self[keyPath: path] != nil {
      fail(.duplicateField, "\(name) occurs several times")
    } else if let value {
      self[keyPath: path] = value
    } else {
      fail(.malformed, "bad \(name)")
    }
  }

  mutating func fail(_ code: SignallingError.Kind, _ message: String) {
    if problem == nil { problem = SignallingError(code, message) }
  }
}
