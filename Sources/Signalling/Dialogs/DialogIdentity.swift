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
  /// CSeq number of the peer's last request.
  public var remoteSequence: UInt32
  /// Route set in the order of use.
  public var routeSet: [NameAddress]
  /// URI of the peer's Contact.
  public var remoteTarget: String
  /// Where requests go without regard to target and routes: the peer's own source address, when it called directly and
  /// is known to listen there. Nil when routes or the target decide.
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
    let isSymmetric = path.transport.isReliable || invite.vias[0].parameters.has("rport")
    if routes.isEmpty, invite.vias.count == 1, isSymmetric { sourcePath = path }
  }

  /// What matches messages to the dialog.
  var key: DialogKey { DialogKey(callID: callID, localTag: local.tag ?? "", remoteTag: remote.tag ?? "") }

  /// Takes the Contact of a target refresh request or response (RFC 3261 section 12.2).
  mutating func refreshTarget(_ headers: HeaderFields) {
    if let contact = headers.addresses(.contact)?.first, contact.uri != nil { remoteTarget = contact.uriText }
  }

  /// Raises our sequence; a damaged record cannot lead beyond 31 bits.
  mutating func leap(_ step: UInt32) { localSequence = min(localSequence, 0x7FFF_FFFF - step) + step }

  /// Where the next request goes.
  public var nextHop: TransportPath? {
    if let sourcePath { return sourcePath }
    return (routeSet.first?.uri ?? SIPURI(remoteTarget))?.destination
  }

  /// The next request of the dialog, without Via (RFC 3261 section 12.2.1.1); loose and strict routing.
  mutating func makeRequest(_ method: SIPMethod) -> SIPRequest {
    leap(1)
    var headers = HeaderFields()
    headers.add(.maxForwards, "70")
    var target = remoteTarget
    if let first = routeSet.first {
      var routes = routeSet.map(\.description)
      if first.uri?.parameters.has("lr") != true {
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
