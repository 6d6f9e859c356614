@testable import Signalling

struct CountingTokens: TokenSource {
  var count = 0
  mutating func next() -> String {
    count += 1
    return "token\(count)"
  }
}

/// A user agent under a manual clock, with the messages it sent and the notices it gave.
struct Rig {
  var agent: UserAgent
  var now = Duration.zero
  var timers: [UserAgentTimer: Duration] = [:]
  var sent: [(at: Duration, message: SIPMessage, path: TransportPath, key: TransactionKey?)] = []
  var refused: [(refusal: SIPRefusal, path: TransportPath)] = []
  var notices: [UserAgentNotice] = []
  static let caller = TransportPath(transport: .udp, host: "192.0.2.7", port: 5_061)
  static let callerTCP = TransportPath(transport: .tcp, host: "192.0.2.7", port: 40_123, connection: 3)

  static let hashes = DigestHashes(md5: { TestHashes.md5($0) }, sha256: { TestHashes.sha256($0) })

  init(_ change: (inout UserAgentConfiguration) -> Void = { _ in }) {
    let trusted = ["192.0.2.0/24"].compactMap { AddressRange($0) }
    var configuration = UserAgentConfiguration(
      endpoints: [.udp: .init(host: "198.51.100.1", port: 5_060), .tcp: .init(host: "198.51.100.1", port: 5_060)],
      access: AccessPolicy(trusted: trusted), hashes: Self.hashes)
    change(&configuration)
    agent = UserAgent(configuration, tokens: CountingTokens())
  }

  mutating func take(_ event: UserAgentEvent) {
    for action in agent.handle(event, at: now) {
      switch action {
      case .send(let message, let path, let key): sent.append((now, message, path, key))
      case .refuse(let refusal, let path): refused.append((refusal, path))
      case .setTimer(let timer, let after): timers[timer] = now + after
      case .cancelTimer(let timer): timers[timer] = nil
      case .notify(let notice): notices.append(notice)
      }
    }
  }

  mutating func command(_ command: UserAgentCommand) { take(.command(command)) }

  /// As the shell does it: bytes through the parser.
  mutating func receive(_ head: String, body: String = "", from path: TransportPath = Rig.caller) {
    do throws(SIPParseFailure) {
      take(.received(try SIPParser().parse(Samples.message(head, body: body)), from: path))
    } catch { take(.malformed(error, from: path)) }
  }

  mutating func receive(_ request: SIPRequest, from path: TransportPath = Rig.caller) {
    take(.received(.request(request), from: path))
  }

  mutating func pass(_ time: Duration) {
    let end = now + time
    while let next = timers.min(by: { $0.value < $1.value }), next.value <= end {
      now = next.value
      timers[next.key] = nil
      take(.timerFired(next.key))
    }
    now = end
  }

  var responses: [SIPResponse] { sent.compactMap { if case .response(let one) = $0.message { one } else { nil } } }
  var requests: [SIPRequest] { sent.compactMap { if case .request(let one) = $0.message { one } else { nil } } }
  /// Of all answers in order; no test has both kinds, whose order would be told by nothing.
  var statuses: [Int] { refused.map(\.refusal.status) + responses.map(\.status) }
  var call: CallHandle? {
    notices.lazy.compactMap { if case .incoming(let handle, _) = $0 { handle } else { nil } }.last
  }
  var ends: [CallEnd] { notices.compactMap { if case .ended(_, let end) = $0 { end } else { nil } } }
  /// Those that stand right before an outcome; others count as -1.
  var finalStatuses: [Int] {
    notices.indices.compactMap { index in
      guard case .finalStatus(let call, let status) = notices[index] else { return nil }
      guard index + 1 < notices.count else { return -1 }
      switch notices[index + 1] {
      case .failed(call, _), .transferEnded(call, _): return status
      default: return -1
      }
    }
  }
  var outcomes: [ReferOutcome] { notices.compactMap { if case .transferEnded(_, let one) = $0 { one } else { nil } } }

  static let description = OfferAnswer.offer(LocalMedia(address: "198.51.100.1", port: 30_000, sessionID: 1))

  /// The caller's next request in the dialog of the last 2xx or of the last tag given.
  func inDialog(
    _ method: SIPMethod, _ number: UInt32, branch: String? = nil, body: String = "", type: String = "application/sdp"
  )
    -> SIPRequest
  {
    let tag = responses.last { $0.to.tag != nil }?.to.tag ?? "none"
    var to = NameAddress(uri: "sip:line@192.0.2.1")
    to.tag = tag
    var headers = HeaderFields()
    headers.add(.contact, "<sip:caller@192.0.2.7:5061>")
    if !body.isEmpty { headers.add(.contentType, type) }
    return SIPRequest(
      method: method, uriText: "sip:repartee@198.51.100.1:5060",
      vias: [
        Via(transport: .udp, host: "192.0.2.7", port: 5_061, branch: Via.cookie + (branch ?? "\(method)\(number)"))
      ],
      from: NameAddress(uri: "sip:caller@192.0.2.7:5061", tag: "abc"), to: to, callID: "call-1@192.0.2.7",
      cseq: CSeq(number, method), headers: headers, body: Array(body.utf8))
  }

  /// INVITE, 200, ACK.
  mutating func establish(_ head: String = Samples.invite, from path: TransportPath = Rig.caller) -> CallHandle {
    receive(head, body: Samples.offer, from: path)
    let handle = call ?? CallHandle(number: 0)
    command(.answer(handle, Self.description))
    receive(inDialog(.ack, 1), from: path)
    return handle
  }

  /// The peer answers our last request.
  mutating func reply(_ status: Int, headers: [(HeaderName, String)] = []) {
    guard let request = requests.last else { return }
    var response = request.response(status, toTag: "peer")
    for (name, value) in headers { response.headers.add(name, value) }
    take(.received(.response(response), from: Self.caller))
  }
}
