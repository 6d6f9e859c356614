public import Core

/// What can go wrong between the sockets and the signalling.
public struct TelephonyError: CodedError {
  /// The kinds there are.
  public enum Kind: String, Sendable {
    case portInUse = "telephony.port_in_use"
    case cannotBind = "telephony.cannot_bind"
    case noMediaPort = "telephony.no_media_port"
    case badAddress = "telephony.bad_address"
    case unsupportedTransport = "telephony.unsupported_transport"
    case unknownPlace = "telephony.unknown_place"
    case notRunning = "telephony.not_running"
  }

  /// What kind.
  public let kind: Kind
  public let message: String
  public let hint: String?
  public let isRetryable: Bool
  public var code: String { kind.rawValue }

  init(_ kind: Kind, _ message: String, hint: String? = nil, isRetryable: Bool = false) {
    self.kind = kind
    self.message = message
    self.hint = hint
    self.isRetryable = isRetryable
  }
}
