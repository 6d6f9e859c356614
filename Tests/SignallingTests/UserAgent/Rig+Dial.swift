import Core

@testable import Signalling

extension Rig {
  static let callee = TransportPath(transport: .udp, host: "192.0.2.7", port: 5_060)
  static let local = LocalMedia(address: "198.51.100.1", port: 30_000, sessionID: 1)

  /// Places a call to `sip:alice@192.0.2.7`.
  mutating func dial(_ change: (inout Invitation) -> Void = { _ in }) -> CallHandle {
    var invitation = Invitation(
      to: SIPURI(user: "alice", host: "192.0.2.7"), over: Self.callee, local: Self.local, ringLimit: .seconds(60))
    change(&invitation)
    let handle = agent.newHandle()
    command(.dial(handle, invitation))
    return handle
  }

  var invites: [SIPRequest] { requests.filter { $0.method == .invite } }
  var acknowledgements: [SIPRequest] { requests.filter { $0.method == .ack } }
  var failures: [DialOutcome] { notices.compactMap { if case .failed(_, let one) = $0 { one } else { nil } } }
  var previews: [SessionDescription] { notices.compactMap { if case .early(_, let one) = $0 { one } else { nil } } }
  var answers: [SessionDescription] {
    notices.compactMap { if case .established(_, let one) = $0 { one } else { nil } }
  }

  /// The callee's response to our last INVITE, or to an earlier one.
  mutating func callee(
    _ status: Int, tag: String? = "callee", _ headers: [(HeaderName, String)] = [], body: String = "",
    to invite: SIPRequest? = nil
  ) {
    guard let invite = invite ?? invites.last else { return }
    var response = invite.response(status, toTag: tag)
    for (name, value) in headers { response.headers.add(name, value) }
    if response.headers[.contact] == nil, status > 100 {
      response.headers.add(.contact, "<sip:alice@192.0.2.7:5070>")
    }
    if !body.isEmpty { response.headers.add(.contentType, "application/sdp") }
    response.body = Array(body.utf8)
    take(.received(.response(response), from: Self.callee))
  }

  /// A request of the callee in its dialog.
  func fromCallee(_ method: SIPMethod, _ number: UInt32, body: String = "", type: String = "application/sdp")
    -> SIPRequest
  {
    var request = inDialog(method, number, body: body, type: type)
    guard let invite = invites.last else { return request }
    request.callID = invite.callID
    request.from = invite.to
    request.from.tag = "callee"
    request.to = invite.from
    request.headers[.contact] = "<sip:alice@192.0.2.7:5070>"
    return request
  }

  /// INVITE, 180, 200, ACK.
  mutating func connect(_ headers: [(HeaderName, String)] = [], _ change: (inout Invitation) -> Void = { _ in })
    -> CallHandle
  {
    let handle = dial(change)
    callee(180)
    callee(200, headers, body: Samples.offer)
    return handle
  }
}
