/// An INVITE of ours that was not answered yet, as a value that outlives the process: enough for its CANCEL (RFC 3261 section 9.1), and
/// for ACK and BYE of a 2xx that comes all the same. Our INVITEs carry no Route.
/// Holds addresses of persons; whoever stores it labels it so.
public struct PlacedInvite: Hashable, Sendable, Codable {
  /// The Request-URI.
  public var uriText: String
  /// Where it went.
  public var path: TransportPath
  /// Host of its Via, without brackets.
  public var viaHost: String
  /// Port of its Via.
  public var viaPort: UInt16
  /// Branch of its Via.
  public var branch: String
  /// Our address with our tag.
  public var from: NameAddress
  /// The address called; without tag.
  public var to: NameAddress
  /// Call-ID.
  public var callID: String
  /// CSeq number.
  public var sequence: UInt32

  /// What is kept of an INVITE; nil before it has our Via.
  init?(_ invite: SIPRequest, over path: TransportPath) {
    guard let via = invite.vias.first, let branch = via.branch else { return nil }
    uriText = invite.uriText
    self.path = path
    viaHost = via.host.withoutBrackets
    viaPort = via.sentByPort
    self.branch = branch
    from = invite.from
    to = invite.to
    callID = invite.callID
    sequence = invite.cseq.number
  }

  /// The INVITE, without what only its receiver needed. Credentials are not kept.
  var request: SIPRequest {
    SIPRequest(
      method: .invite, uriText: uriText,
      vias: [Via(transport: path.transport, host: viaHost, port: viaPort, branch: branch)], from: from, to: to,
      callID: callID, cseq: CSeq(sequence, .invite), headers: HeaderFields())
  }
}
