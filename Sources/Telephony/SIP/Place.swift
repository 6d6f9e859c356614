public import Core
internal import NIOCore
public import Signalling

/// Somewhere this server may call. Only its operator says where that is: a dial names a place, never an address.
public struct Place: Sendable {
  /// Who is called, such as `sip:alice@192.0.2.7` or `sip:+15550199@trunk.example`.
  public var uri: SIPURI
  /// The name in `TelephonyConfiguration.trunks` of what the call goes over; nil for the URI's own address.
  public var trunk: String?

  /// A place by its address.
  public init(_ uri: SIPURI, over trunk: String? = nil) {
    self.uri = uri
    self.trunk = trunk
  }
}

/// A PBX or carrier that calls go over.
public struct Trunk: Sendable {
  /// Host, port and transport, such as `sip:trunk.example:5080;transport=tcp`.
  public var address: SIPURI
  /// Who calls, as the trunk knows us; nil for our Contact.
  public var caller: SIPURI?
  /// Answers the trunk's challenges.
  public var credentials: DialCredentials?

  /// A trunk by its address.
  public init(_ address: SIPURI, caller: SIPURI? = nil, credentials: DialCredentials? = nil) {
    self.address = address
    self.caller = caller
    self.credentials = credentials
  }
}

/// A call to be placed.
public struct DialRequest: Sendable {
  /// The name in `TelephonyConfiguration.places`.
  public var place: String
  /// How long it may ring.
  public var ringTimeout: CallSpan

  /// A call to a place.
  public init(to place: String, ringTimeout: CallSpan) {
    self.place = place
    self.ringTimeout = ringTimeout
  }
}

extension TelephonyConfiguration {
  /// The call to a place; its audio has no port yet.
  /// - Throws: `unknown_place`; `bad_address` when its trunk is not there; `unsupported_transport` for TLS and what nobody knows.
  func invitation(_ request: DialRequest) throws(TelephonyError) -> Invitation {
    guard let place = places[request.place] else {
      throw TelephonyError(.unknownPlace, "there is no place `\(request.place)` to call")
    }
    let trunk = place.trunk.flatMap { trunks[$0] }
    if let name = place.trunk, trunk == nil {
      throw TelephonyError(.badAddress, "the place `\(request.place)` goes over `\(name)`, which is no trunk")
    }
    guard let path = (trunk?.address ?? place.uri).destination, path.transport != .tls, !place.uri.asksForTLS else {
      throw TelephonyError(
        .unsupportedTransport, "the place `\(request.place)` asks for a transport that there is not",
        hint: "use sip: with UDP or TCP")
    }
    let local = LocalMedia(address: address, port: 0, sessionID: 1)
    var invitation = Invitation(to: place.uri, over: path, local: local, ringLimit: request.ringTimeout.duration)
    invitation.caller = trunk?.caller
    invitation.credentials = trunk?.credentials
    return invitation
  }

  /// Throws what would keep an endpoint from starting, as far as that can be said without sockets: places that cannot be called, an
  /// address that cannot be told to peers.
  public func requireUsable() throws(TelephonyError) {
    for name in places.keys.sorted() { _ = try invitation(DialRequest(to: name, ringTimeout: .zero)) }
    _ = try AdvertisedAddress.choose(self)
  }
}
