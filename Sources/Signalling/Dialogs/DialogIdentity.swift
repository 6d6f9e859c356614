/// A dialog (RFC 3261 section 12) as a value that outlives the process: kept after a crash it still builds a BYE.
/// Holds addresses of persons; whoever stores it labels it so.
public struct DialogIdentity: Hashable, Sendable, Codable {
  /// Call-ID of all its messages.
  public var callID: String
  /// Our address with our tag.
  public var local: NameAddress
  /// The peer's address with its tag.
  public var remote: NameAddress
  /// CSeq number of our last request in the dialog.
  public var localSequence: UInt32 = 0
  /// CSeq number of the peer's last request; nil before its first one in a dialog that we began.
  public var remoteSequence: UInt32?
  /// Route set in the order of use.
  public var routeSet: [NameAddress]
  /// URI of the peer's Contact.
  public var remoteTarget: String
  /// Where the peer was seen last, when it calls directly: over UDP with `rport` its requests go there; over a stream they go
  /// on this connection while it lives, and then to the target. Nil when routes or the target decide.
  public var sourcePath: TransportPath?

  /// The dialog that an INVITE without To tag creates at its receiver (RFC 3261 section 12.1.1); nil when the
  /// Contact is missing or no SIP URI.
  public init?(accepting invite: SIPRequest, localTag: String, from path: TransportPath) {
    guard let contacts = invite.headers.addresses(.contact), contacts.count == 1, contacts[0].uri != nil,
      let routes = invite.headers.addresses(.recordRoute)
    else { return nil }
    callID = invite.callID
    local = invite.to
    local.tag = localTag
    remote = invite.from
    remoteSequence = invite.cseq.number
    routeSet = routes
    remoteTarget = contacts[0].uriText
    sourcePath = nil
    follow(invite, from: path)
  }

  /// The dialog that a response to our INVITE creates (RFC 3261 section 12.1.2); nil when its routes or its Contact are no
  /// addresses. A response without Contact leads to where the INVITE went.
  init?(placing invite: SIPRequest, answeredBy response: SIPResponse) {
    guard let routes = response.headers.addresses(.recordRoute), let contacts = response.headers.addresses(.contact)
    else { return nil }
    let target = contacts.first?.uriText ?? invite.uriText
    guard SIPURI(target) != nil else { return nil }
    callID = invite.callID
    local = invite.from
    remote = response.to
    localSequence = invite.cseq.number
    routeSet = routes.reversed()
    remoteTarget = target
  }

  /// Notes where a request of the peer came from, when that is where it listens.
  mutating func follow(_ request: SIPRequest, from path: TransportPath) {
    guard routeSet.isEmpty, request.vias.count == 1 else { return }
    if path.transport.isReliable || request.vias[0].parameters.has("rport") { sourcePath = path }
  }

  /// What matches messages to the dialog.
  var key: DialogKey { DialogKey(callID: callID, localTag: local.tag ?? "", remoteTag: remote.tag ?? "") }

  /// Takes the Contact of a target refresh request or response (RFC 3261 section 12.2).
  mutating func refreshTarget(_ headers: HeaderFields) {
    if let contact = headers.addresses(.contact)?.first, contact.uri != nil { remoteTarget = contact.uriText }
  }

  /// As a later process goes on with it: the record may be older than the last request of the lost process, so the sequence leaps
  /// ahead; a connection of that process means nothing now.
  var recovered: DialogIdentity {
    var dialog = self
    dialog.leap(1_000)
    dialog.sourcePath?.connection = nil
    return dialog
  }

  /// Raises our sequence; a damaged record cannot lead beyond 31 bits.
  mutating func leap(_ step: UInt32) { localSequence = min(localSequence, 0x7FFF_FFFF - step) + step }

  /// Where the next request goes; nil when the target is unusable. The port that a stream was opened from is nobody's when the
  /// connection is gone, so there the target decides (RFC 3261 sections 12.2.1.1 and 18.1.1).
  public var nextHop: TransportPath? {
    let target = (routeSet.first?.uri ?? SIPURI(remoteTarget))?.destination
    guard let sourcePath else { return target }
    guard sourcePath.transport.isReliable, let target else { return sourcePath }
    return TransportPath(
      transport: sourcePath.transport, host: target.host, port: target.port, connection: sourcePath.connection)
  }

  /// Where the next request goes when `nextHop` cannot be reached: the target's port at the address that the peer was seen at,
  /// for one that writes the address of its own network into Contact.
  var otherHop: TransportPath? {
    guard let sourcePath, sourcePath.transport.isReliable, let next = nextHop, next.host != sourcePath.host else {
      return nil
    }
    return TransportPath(transport: next.transport, host: sourcePath.host, port: next.port)
  }

  /// Whether the dialog's requests would have to go over TLS: by the scheme of the target, or by the next hop's.
  var asksForTLS: Bool {
    guard let target = SIPURI(remoteTarget) else { return false }
    if target.isSecure { return true }
    return sourcePath?.transport != .udp && (routeSet.first?.uri ?? target).asksForTLS
  }

  /// The next request of the dialog, without Via (RFC 3261 section 12.2.1.1); loose and strict routing.
  mutating func makeRequest(_ method: SIPMethod) -> SIPRequest {
    leap(1)
    var headers = HeaderFields()
    headers.add(.maxForwards, "70")
    var target = remoteTarget
    if let first = routeSet.first {
      var routes = routeSet.map(\.description)
      // Some write the route without brackets, where its parameters belong to the header.
      if first.uri?.parameters.has("lr") != true, !first.parameters.has("lr") {
        target = first.uriText
        routes = Array(routes.dropFirst()) + ["<\(remoteTarget)>"]
      }
      for route in routes { headers.add(.route, route) }
    }
    return SIPRequest(
      method: method, uriText: target, vias: [], from: local, to: remote, callID: callID,
      cseq: CSeq(localSequence, method), headers: headers)
  }
}

/// Call-ID and both tags (RFC 3261 section 12).
struct DialogKey: Hashable, Sendable {
  var callID: String
  var localTag: String
  var remoteTag: String
}
