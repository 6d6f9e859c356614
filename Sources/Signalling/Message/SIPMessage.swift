/// A SIP request (RFC 3261 section 7.1). The five fields that every message needs are typed; all others are in
/// `headers`.
public struct SIPRequest: Hashable, Sendable {
  /// The method.
  public var method: SIPMethod
  /// The Request-URI as text, of any scheme. Personal data.
  public var uriText: String
  /// Via values, topmost first; never empty in a parsed request.
  public var vias: [Via]
  /// Who the request is from, with its tag. Personal data.
  public var from: NameAddress
  /// Who it was first addressed to; with a tag inside a dialog. Personal data.
  public var to: NameAddress
  /// One text for all messages of a call or registration.
  public var callID: String
  /// Order and method.
  public var cseq: CSeq
  /// All other fields. Content-Length is written by the encoder.
  public var headers: HeaderFields
  /// The body's octets, empty when there is none.
  public var body: [UInt8]

  /// A request from its parts.
  public init(
    method: SIPMethod, uriText: String, vias: [Via], from: NameAddress, to: NameAddress, callID: String, cseq: CSeq,
    headers: HeaderFields = HeaderFields(), body: [UInt8] = []
  ) {
    self.method = method
    self.uriText = uriText
    self.vias = vias
    self.from = from
    self.to = to
    self.callID = callID
    self.cseq = cseq
    self.headers = headers
    self.body = body
  }

  /// The Request-URI when it is `sip:` or `sips:`.
  public var uri: SIPURI? { SIPURI(uriText) }

  /// The fewest octets it can have come in, whatever it was: with each field's shortest name and no length.
  var leastOctets: Int {
    let fields = vias.map(\.description) + [from.description, to.description, callID, cseq.description]
    let texts = fields + headers.fields.map(\.value)
    return texts.reduce("\(method) \(uriText) SIP/2.0\r\n\r\n".utf8.count + body.count) {
      $0 + $1.utf8.count + "v:\r\n".utf8.count
    }
  }

  /// A response to this request with copied Via, From, To, Call-ID and CSeq (RFC 3261 section 8.2.6.2).
  /// - Parameter toTag: put into To when the request has none and the status is above 100.
  public func response(_ status: Int, reason: String? = nil, toTag: String? = nil) -> SIPResponse {
    var to = to
    if to.tag == nil, status > 100, let toTag { to.tag = toTag }
    return SIPResponse(
      status: status, reason: reason ?? SIPStatus.phrase(status), vias: vias, from: from, to: to, callID: callID,
      cseq: cseq)
  }
}

/// A SIP response (RFC 3261 section 7.2).
public struct SIPResponse: Hashable, Sendable {
  /// Status code, 100 to 699.
  public var status: Int
  /// Reason phrase, possibly empty.
  public var reason: String
  /// Via values, topmost first.
  public var vias: [Via]
  /// Who the request is from, with its tag. Personal data.
  public var from: NameAddress
  /// Who it was first addressed to; with a tag inside a dialog. Personal data.
  public var to: NameAddress
  /// One text for all messages of a call or registration.
  public var callID: String
  /// Order and method.
  public var cseq: CSeq
  /// All other fields. Content-Length is written by the encoder.
  public var headers = HeaderFields()
  /// The body's octets, empty when there is none.
  public var body: [UInt8] = []

  /// Whether the response ends its transaction.
  public var isFinal: Bool { status >= 200 }
  /// Whether the response is a 2xx.
  public var isSuccess: Bool { (200..<300).contains(status) }
}

/// A request or a response.
public enum SIPMessage: Hashable, Sendable {
  case request(SIPRequest)
  case response(SIPResponse)

  /// The octets of the message, Content-Length included. Control characters inside values are written as spaces, so
  /// that no value can add a header line.
  public func encoded() -> [UInt8] {
    var writer = SIPWriter()
    switch self {
    case .request(let request):
      writer.line("\(request.method) \(request.uriText) SIP/2.0")
      writer.envelope(request.vias, request.from, request.to, request.callID, request.cseq)
      writer.finish(request.headers, request.body)
    case .response(let response):
      writer.line("SIP/2.0 \(response.status) \(response.reason)")
      writer.envelope(response.vias, response.from, response.to, response.callID, response.cseq)
      writer.finish(response.headers, response.body)
    }
    return writer.bytes
  }

  /// The start line's method or status and the CSeq method, without anything personal: for traces.
  public var summary: String {
    switch self {
    case .request(let request): "\(request.method) cseq=\(request.cseq.number) body=\(request.body.count)"
    case .response(let response): "\(response.status) cseq=\(response.cseq) body=\(response.body.count)"
    }
  }
}

struct SIPWriter {
  private(set) var bytes: [UInt8] = []

  mutating func line(_ text: String) {
    bytes.reserveCapacity(bytes.count + text.utf8.count + 2)
    for byte in OctetText.octets(text) { bytes.append(byte < 0x20 && byte != 0x09 || byte == 0x7F ? 0x20 : byte) }
    bytes += [13, 10]
  }

  mutating func envelope(_ vias: [Via], _ from: NameAddress, _ to: NameAddress, _ callID: String, _ cseq: CSeq) {
    for via in vias { line("Via: \(via)") }
    line("From: \(from)")
    line("To: \(to)")
    line("Call-ID: \(callID)")
    line("CSeq: \(cseq)")
  }

  mutating func finish(_ headers: HeaderFields, _ body: [UInt8]) {
    for field in headers.fields where field.name != .contentLength { line("\(field.name): \(field.value)") }
    line("Content-Length: \(body.count)")
    bytes += [13, 10]
    bytes += body
  }
}
