public import Core
public import Signalling

/// What the telephone side of the server is given at start.
public struct TelephonyConfiguration: Sendable {
  /// Address to bind, without brackets.
  public var address: String
  /// Address that peers send to, in Contact, Via and SDP; nil for the one bound. To be set behind an address translator.
  public var advertised: String?
  /// UDP and TCP port of SIP; 0 takes any free one.
  public var port: UInt16
  /// Even ports for RTP; each call takes one and the next for RTCP.
  public var mediaPorts: ClosedRange<UInt16>
  /// Who may call.
  public var trusted: [AddressRange]
  /// Users that authenticate by digest, with their passwords; empty: strangers are dropped.
  public var users: [String: Sensitive<String>]
  /// The realm of the digest.
  public var realm: String
  /// PBXs and trunks to register at.
  public var registrations: [Registration]
  /// Where this server may call, by name.
  public var places: [String: Place]
  /// What calls to places may go over, by name.
  public var trunks: [String: Trunk]
  /// Calls at once, either way.
  public var maximumCalls: Int
  /// Which of them one address may have.
  public var shares = CallShares(of: 500)
  /// Calls of ours at once that are not answered yet.
  public var maximumDials: Int
  /// Codecs in order of preference.
  public var codecs = AudioCodec.allCases
  /// Who may become the source of a call's audio.
  public var latching: SourceLatch.Policy
  /// Bounds of stream connections.
  var streams = StreamLimits()
  /// Bounds of what is read of a source.
  var gate = SourceGate.Bounds()
  /// New requests a second of one trusted source, for each kind of message.
  var trustedRate = RequestRate(perSecond: 200, burst: 400)
  /// Called for each message when a trace is wanted; the text is as on the wire.
  public var trace: (@Sendable (TraceDirection, String, TransportPath) -> Void)?

  /// Which way a traced message went.
  public enum TraceDirection: String, Sendable { case received, sent }

  /// A configuration for an address; nobody may call until `trusted` or `users` says so.
  public init(address: String, port: UInt16, mediaPorts: ClosedRange<UInt16>) {
    self.address = address
    advertised = nil
    self.port = port
    self.mediaPorts = mediaPorts
    trusted = []
    users = [:]
    realm = "repartee"
    registrations = []
    places = [:]
    trunks = [:]
    maximumCalls = 500
    maximumDials = 20
    latching = .sameHost
    trace = nil
  }
}
